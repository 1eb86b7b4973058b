/**
 * Clerks of all agencies: they file dossiers, and ask for whatever a dossier's state allows, each at their own node, under an
 * idempotency key. Who gets no answer, because the process died over it or the dossier was contended, asks again.
 */
import { findContract } from '#libs/contracts';
import { allowedCommands, COMMAND_TABLE, ROLES, type DossierCommandName, type FiledState } from '#libs/dossier';
import {
  agencyInHand,
  agencyInName,
  DomainError,
  msToInstant,
  type AgencyCode,
  type JsonObject,
  type Subject,
  type Uuid,
} from '#libs/kernel';
import { actOnDossier, type Act, type Acted, type LoadedDossier } from '#libs/use-cases';
import type { Dice } from './dice.ts';
import type { SimNode, SimProcess } from './sim-node.ts';
import type { World } from './world.ts';

export interface Asked {
  readonly act: Act;
  acknowledged?: Acted;
  /** When it was first asked, and when it was acknowledged. */
  readonly askedAtMs: number;
  acknowledgedAtMs?: number;
  /** Refused for good by an error with this code. */
  failed?: string;
  tries: number;
}
export interface PeopleWanted {
  readonly dossiers: number;
  /** Mean pause between two acts, in ms. */
  readonly pauseMs: number;
}

const DAY_MS = 86_400_000;
const REHOMER = 'H26' as AgencyCode;
/** How gladly it is chosen among what is allowed; absent: 2. What ends a dossier's way is rare, so that dossiers travel. */
const WEIGHTS: Partial<Record<DossierCommandName, number>> = {
  'accept-custody': 12,
  forward: 10,
  'decline-custody': 3,
  recall: 3,
  withdraw: 1,
  resolve: 1,
  refuse: 0.4,
  stop: 0.4,
  'refuse-intake': 0.4,
  'release-custody': 0.2,
  'erase-personal-data': 0.2,
  link: 0.5,
  'file-petition': 0.5,
  'record-identity-check': 0,
  'file-dossier': 0,
};
/** An answer that another try may change. */
const PASSING = new Set(['CONTENDED', 'OVERLOADED', 'STORE_UNAVAILABLE']);

interface Choice {
  readonly command: DossierCommandName;
  readonly agency: AgencyCode;
}

export class People {
  readonly asked: Asked[] = [];
  readonly dossiers: Subject[] = [];
  /** No more new things are asked for; what was begun goes on. */
  areHome = false;
  private readonly world: World;
  private readonly dice: Dice;
  private readonly wanted: PeopleWanted;

  constructor(world: World, wanted: PeopleWanted) {
    this.world = world;
    this.dice = world.dice.part('people');
    this.wanted = wanted;
  }

  start(): void {
    const next = (): void =>
      this.world.time.after(this.dice.fraction() * 2 * this.wanted.pauseMs, async () => {
        if (this.areHome) return;
        await this.askSomething();
        next();
      });
    next();
  }

  get waiting(): readonly Asked[] {
    return this.asked.filter(({ acknowledged, failed }) => !acknowledged && failed === undefined);
  }

  private async askSomething(): Promise<void> {
    const { dice, dossiers } = this;
    const isNew = dossiers.length < this.wanted.dossiers && (dossiers.length === 0 || dice.isLess(0.3));
    if (isNew) return this.file();
    await this.goOn(dice.oneOf(dossiers), dice.oneOf(this.world.nodes));
  }

  /** The next act on a dossier as one node sees it. */
  async goOn(subject: Subject, at: SimNode): Promise<void> {
    const choice = await this.choose(subject, at);
    if (choice) await this.ask(subject, choice);
  }

  private async file(): Promise<void> {
    const agency = this.dice.oneOf(this.world.agencies.filter((code) => code.split('.').length === 3));
    const subject = `dossier/${agency}/${this.uuid()}` as Subject;
    this.dossiers.push(subject);
    await this.ask(subject, { command: 'file-dossier', agency });
  }

  /** Something that the dossier's state allows, as some node sees it now; others may see it otherwise. */
  private async choose(subject: Subject, at: SimNode): Promise<Choice | undefined> {
    const seen = await at.within(({ services }) => services.shelf.load(subject));
    const loaded = seen?.result;
    if (!loaded?.head || loaded.parked || loaded.state.situation === 'NotFiled') return undefined;
    const choices = allowedCommands(loaded.state).flatMap((command) => {
      const agency = this.agencyFor(command, loaded, loaded.state as FiledState);
      return agency === undefined ? [] : [{ command, agency, weight: WEIGHTS[command] ?? 2 }];
    });
    let left = this.dice.fraction() * choices.reduce((sum, { weight }) => sum + weight, 0);
    return choices.find(({ weight }) => (left -= weight) < 0);
  }

  private agencyFor(command: DossierCommandName, { head }: LoadedDossier, state: FiledState): AgencyCode | undefined {
    const hand = head?.hand;
    switch (COMMAND_TABLE[command].capacity) {
      case 'custodian':
        return hand?.kind === 'held' ? hand.custodian : undefined;
      case 'filing-side':
        return this.dice.oneOf([agencyInName(head?.subject ?? ''), ...state.facts.custodians]);
      case 'agency-asked':
        return this.dice.oneOf(Object.values(state.facts.opinions))?.agency;
      case 'agency-named':
        return hand?.kind === 'transit' ? hand.to : undefined;
      case 'forwarder':
        return hand?.kind === 'transit' ? hand.from : undefined;
      case 'rehomer':
        return hand && this.dice.isLess(0.3) && agencyInHand(hand) !== REHOMER ? REHOMER : undefined;
      case 'population-adapter':
        return undefined;
    }
  }

  async ask(subject: Subject, { command, agency }: Choice, more: JsonObject = {}): Promise<void> {
    const asked: Asked = {
      act: this.actFor(subject, { command, agency }, more),
      tries: 0,
      askedAtMs: this.world.time.nowMs,
    };
    this.asked.push(asked);
    await this.try(asked);
  }

  private async try(asked: Asked): Promise<void> {
    asked.tries += 1;
    const home = this.world.homeOf(asked.act.agency) as SimNode;
    const work = ({ services }: SimProcess): Promise<Acted> => actOnDossier(services, asked.act);
    const got = await home.act(work).catch((error: unknown) => ({ error }));
    if (got && 'result' in got) {
      asked.acknowledged = got.result;
      asked.acknowledgedAtMs = this.world.time.nowMs;
    } else if (got && isFinal(got.error)) asked.failed = codeOf(got.error);
    else this.world.time.after(this.dice.between(2_000, 20_000), () => this.try(asked));
  }

  private actFor(subject: Subject, { command, agency }: Choice, more: JsonObject): Act {
    const example = findContract('command', command, 1)?.example as JsonObject;
    const correlationId = this.uuid();
    return {
      command,
      subject,
      agency,
      data: JSON.parse(JSON.stringify({ ...example, ...this.dataFor(command), ...more })) as JsonObject,
      roles: ROLES,
      actor: { authtype: 'user', authid: 'officer-7' },
      correlationId,
      idempotency: { client: 'simulation', key: correlationId, request: new TextEncoder().encode(correlationId) },
    };
  }

  private dataFor(command: DossierCommandName): object {
    const { dice, world } = this;
    const dueAt = msToInstant(world.time.nowMs + DAY_MS);
    const label = `x${dice.between(0, 999_999)}`;
    switch (command) {
      case 'forward':
        return {
          to: dice.oneOf(world.agencies),
          reason: dice.oneOf(['route', 'return', 'wrong-competence']),
          legDueAt: dueAt,
        };
      case 'rehome':
        return { to: dice.oneOf(world.agencies), reason: 'suspension' };
      case 'request-opinion':
        return { request: label, agency: dice.oneOf(world.agencies), dueAt };
      case 'request-supplement':
        return { applicantDueAt: msToInstant(world.time.nowMs + 10 * DAY_MS) };
      case 'request-fee':
        return { obligation: label };
      case 'file-petition':
        return { petition: label };
      case 'assign-step':
        return { dueAt };
      default:
        return {};
    }
  }

  private uuid(): Uuid {
    return this.dice.uuid7(this.world.time.nowMs) as Uuid;
  }
}

const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : `UNEXPECTED ${String(error)}`);
const isFinal = (error: unknown): boolean =>
  !(error instanceof DomainError && (PASSING.has(error.code) || error.details['retryable'] === true));
