import { Controller, Inject, Query } from '@nestjs/common';
import { LogQuery, type DeliveriesView, type HeldView, type LogEntryView, type StatusView } from '#libs/http-api';
import type { Instant } from '#libs/kernel';
import type { DossierFilter } from '#libs/read-models';
import type { NodeServices } from '#libs/use-cases';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';
import { viewOfDelivery, viewOfHeld, viewOfInbound, viewOfLogEntry } from './node-views.ts';

/** Later than every hold: asks for whatever waits. */
const EVER = '9999-12-31T23:59:59.999Z' as Instant;
const LOG_PAGE = 500;
const COUNTED_MAX = 500;

const stoppedIn = ({ trouble }: HttpOptions): Pick<StatusView, 'stopped'> => {
  const stopped = trouble.stops.list();
  return stopped.length === 0 ? {} : { stopped };
};
const vaultBackup = (at: Instant | undefined) => (at === undefined ? {} : { vaultBackupAt: at });

/** A look at the disk that fails tells nothing; the rest of the status holds. */
async function diskIn(options: HttpOptions): Promise<Pick<StatusView, 'disk'>> {
  const seen = await options.disk?.().catch(() => undefined);
  return seen ? { disk: seen } : {};
}

/** Whoever asks acts for an agency of this node: `readerOf` refuses all others. */
@Controller()
export class DeliveriesController {
  private readonly options: HttpOptions;
  private readonly services: NodeServices;

  constructor(@Inject(HTTP_OPTIONS) options: HttpOptions) {
    this.options = options;
    this.services = options.services;
  }

  @Serve('deliveries')
  async deliveries(@CallerOf() caller: Caller): Promise<DeliveriesView> {
    readerOf(this.services, caller);
    const [outbound, inbound] = await Promise.all([this.services.store.deliveries(), this.services.store.inbound()]);
    return { outbound: outbound.map(viewOfDelivery), inbound: inbound.map(viewOfInbound) };
  }

  @Serve('held')
  async held(@CallerOf() caller: Caller): Promise<HeldView> {
    readerOf(this.services, caller);
    const { store } = this.services;
    const [counts, gaps, others] = await Promise.all([
      store.countHeld(),
      store.findGapsOlderThan(EVER, 1),
      store.findHeldDue(EVER, EVER, 1),
    ]);
    return viewOfHeld(counts, [...gaps, ...others]);
  }

  @Serve('status')
  async status(@CallerOf() caller: Caller): Promise<StatusView> {
    readerOf(this.services, caller);
    const { services } = this;
    const { node, store, clock, wallClock } = services;
    const [life, log, checkpoint, deliveries, inbound, held, quarantined, openingsAwaited, parked, unanswered] =
      await Promise.all([
        store.lifeFacts(),
        store.logSize(),
        store.findCheckpoint(),
        store.deliveries(),
        store.inbound(),
        store.countHeld(),
        store.countQuarantine(),
        this.options.openings.total(),
        this.countListed({ parked: true }),
        this.countListed({ unanswered: true }),
      ]);
    return {
      node,
      softwareVersion: this.options.softwareVersion,
      workTime: clock.now(),
      wallTime: wallClock.now(),
      directoryVersion: services.directory().version,
      running: this.options.running(),
      log,
      ...(checkpoint ? { checkpoint: { size: checkpoint.size, rootHash: checkpoint.rootHash } } : {}),
      life: { number: life.life, state: services.life.state },
      ...vaultBackup(this.options.vaultBackupAt?.()),
      ...(await diskIn(this.options)),
      deliveries: deliveries.map(viewOfDelivery),
      inbound: inbound.map(viewOfInbound),
      held: held.total,
      quarantined: quarantined.total,
      openingsAwaited,
      ...(parked === undefined ? {} : { parked }),
      ...(unanswered === undefined ? {} : { unanswered }),
      ...stoppedIn(this.options),
    };
  }

  @Serve('log')
  async log(
    @CallerOf() caller: Caller,
    @Query(checked(LogQuery)) { after, limit }: LogQuery,
  ): Promise<{ entries: readonly LogEntryView[]; next?: number }> {
    readerOf(this.services, caller);
    const wanted = limit ?? LOG_PAGE;
    const page = await this.services.store.readLog(after ?? -1, wanted);
    const last = page.at(-1);
    return { entries: page.map(viewOfLogEntry), ...(last && page.length === wanted ? { next: last.logIndex } : {}) };
  }

  private async countListed(filter: DossierFilter): Promise<number | undefined> {
    const page = await this.options.readModels?.list(filter, { limit: COUNTED_MAX });
    return page?.dossiers.length;
  }
}
