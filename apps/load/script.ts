/**
 * The pen with which a scenario is written: keeps the working time, in whose hand the dossier is, and who works on it, so
 * that every act falls into the working day and is asked for by somebody who may. What would come after the end of the day
 * is not written: the dossier waits until tomorrow. `scenario.spec.ts` plays every script through the real decider.
 */
import type { Actor, DossierCommandData, DossierCommandName, Role } from '#libs/dossier';
import type { AgencyCalendar } from '#libs/calendar';
import { msToInstant, type AgencyCode, type Instant, type JsonObject } from '#libs/kernel';
import type { Application } from './application.ts';
import type { Officers } from './officers.ts';
import type { PlannedStep, Race } from './plan.ts';
import type { Commune } from './reference.ts';
import { laterIn, type WorkDay } from './work-day.ts';

/** What all scripts of a day share. */
export interface Stage {
  readonly day: WorkDay;
  /** Working days in Hà Nội, for the deadlines that an act sets. */
  readonly calendar: AgencyCalendar;
  readonly communes: readonly Commune[];
  readonly officers: Officers;
  /** Agencies that do not accept transfers automatically: somebody there does it. */
  readonly acceptsByHand: ReadonlySet<AgencyCode>;
  readonly portalAdapter: boolean;
}

/** Who does it, in which role. */
export interface By {
  readonly agency: AgencyCode;
  readonly role: Role;
}

export class Script {
  readonly stage: Stage;
  readonly application: Application;
  readonly steps: PlannedStep[] = [];
  /** Has the dossier now. */
  holder: AgencyCode;
  /** Began to work on it last. */
  worker: AgencyCode | undefined;
  /** Steps that an incident needs to be seen whole; a dossier left waiting is left after them. */
  shown = 0;
  /** The day is over for this dossier. */
  over = false;
  private ms: number;
  private readonly prefix: string;

  constructor(stage: Stage, application: Application, prefix = '') {
    this.stage = stage;
    this.application = application;
    this.prefix = prefix;
    this.ms = application.arrivesAt;
    this.holder = application.receivingAgency;
  }

  get now(): Instant {
    return msToInstant(this.ms);
  }

  /** Working time goes by: some minutes between the two, by chance. */
  pass([least, most]: readonly [number, number]): void {
    const chance = this.application.chance.of('minutes').of(`${this.prefix}${this.steps.length}`);
    const later = laterIn(this.stage.day, this.ms, least + chance.fraction() * (most - least));
    if (later === undefined) this.over = true;
    else this.ms = Math.floor(later);
  }

  /** `follows` and `race`: see {@link PlannedStep}. The events are written by the holder. */
  act<N extends DossierCommandName>(
    command: N,
    { agency, role }: By,
    data: DossierCommandData[N],
    more: { readonly follows?: number; readonly race?: Race } = {},
  ): void {
    if (this.over) return;
    const key = `${this.prefix}${this.steps.length + 1}-${command}`;
    const { follows = 0, race } = more;
    const step = { key, at: this.now, agency, role, writer: this.holder, command, follows };
    this.steps.push({ ...step, data: data as unknown as JsonObject, ...(race ? { race } : {}) });
  }

  /** A way that may be gone from here, written apart: same time, same holder, keys of its own. */
  fork(name: string): Script {
    const apart = new Script(this.stage, this.application, `${this.prefix}${this.steps.length + 1}-${name}-`);
    apart.ms = this.ms;
    apart.over = this.over;
    apart.holder = this.holder;
    apart.worker = this.worker;
    return apart;
  }

  /** Goes on where the later of two ways ends; both must have led to the same holder. */
  join(one: Script, other: Script): void {
    this.ms = Math.max(one.ms, other.ms);
    this.over = one.over || other.over;
    this.holder = one.holder;
    this.worker = one.worker;
  }

  clerk(agency: AgencyCode): Actor {
    return this.stage.officers.clerk(agency, this.application.chance.of('desk').between(0, 2));
  }
  head(agency: AgencyCode): Actor {
    return this.stage.officers.head(agency);
  }
  appraiser(agency: AgencyCode, role: string): Actor {
    return this.stage.officers.appraiser(agency, role);
  }
  chance(purpose: string): Application['chance'] {
    return this.application.chance.of(purpose);
  }
}
