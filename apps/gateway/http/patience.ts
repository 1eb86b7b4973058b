import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** By which clock answers are waited for; once the process stops, every wait is over. */
@Injectable()
export class Patience implements OnModuleDestroy {
  private stopping = false;

  /** Milliseconds of a clock that only runs forward. */
  readonly nowMs = (): number => (this.stopping ? Number.POSITIVE_INFINITY : performance.now());

  onModuleDestroy(): void {
    this.stopping = true;
  }
}
