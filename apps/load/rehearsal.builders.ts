/** Plays a planned dossier through the real decider: no node, no network, several agencies. */
import { compileValidators } from '#libs/contracts';
import {
  decide,
  evolve,
  initialState,
  roleMay,
  type ClearDossierEvent,
  type DecisionContext,
  type DirectoryRules,
  type DossierCommand,
  type DossierEvent,
  type DossierState,
  type OpenedValues,
} from '#libs/dossier';
import {
  agencyInHand,
  dossierSubject,
  localDateOf,
  type AgencyCode,
  type Hash,
  type Instant,
  type JsonObject,
} from '#libs/kernel';
import { procedureRules } from '#libs/procedures';
import type { PlannedDossier, PlannedStep } from './plan.ts';
import { CITY, communesOf, DISTRICT, PORTAL, readReference, type DayReference } from './reference.ts';

export const reference: DayReference = readReference();
export const validators = compileValidators();
const SUPERIORS = (code: AgencyCode): readonly AgencyCode[] =>
  code === CITY ? [] : code === DISTRICT || code === PORTAL ? [CITY] : [DISTRICT, CITY];
const levelOf = (code: AgencyCode): string =>
  code === CITY ? 'city' : code === DISTRICT ? 'district' : code === PORTAL ? 'service' : 'commune';

export function directoryOf(at: Instant): DirectoryRules {
  const communes = communesOf(reference, localDateOf(at));
  const agencies = new Set<string>([CITY, DISTRICT, PORTAL, ...communes.map(({ code }) => code)]);
  return {
    version: '2023-06-01T00:00:00.000Z' as Instant,
    isValid: (agency) => agencies.has(agency),
    isTerritory: (territory) => communes.some((commune) => commune.territory === territory),
    succeeds: () => false,
    adapterServices: (agency) => (agency === PORTAL ? ['national-portal-adapter'] : []),
    hasNode: () => true,
    findRehomer: () => undefined,
  };
}

const hashAt = (place: number): Hash => `${String(place).padStart(42, '0')}A` as Hash;

/** One dossier as its ledger would hold it. */
export class Rehearsal {
  readonly dossier: Pick<PlannedDossier, 'id' | 'receivingAgency'>;
  state: DossierState = initialState;
  place = 0;
  readonly events: { readonly type: string; readonly author: AgencyCode; readonly time: Instant }[] = [];
  private opened: OpenedValues = {};

  constructor(dossier: Pick<PlannedDossier, 'id' | 'receivingAgency'>) {
    this.dossier = dossier;
  }

  get inHand(): AgencyCode {
    return this.state.situation === 'NotFiled' ? this.dossier.receivingAgency : agencyInHand(this.state.facts.hand);
  }

  /** The code of the refusal; undefined: accepted. A command of another agency comes without roles. */
  ask(asked: Pick<PlannedStep, 'agency' | 'role' | 'command' | 'data' | 'at'>): string | undefined {
    const writer = this.inHand;
    if (!roleMay(asked.command, [asked.role])) return 'ROLE_NOT_ALLOWED';
    if (validators.validateOpen('command', asked.command, 1, asked.data).length > 0) return 'INVALID';
    const command = { type: asked.command, data: asked.data } as unknown as DossierCommand;
    const decision = decide(command, this.state, this.contextOf(asked, writer));
    if ('refused' in decision) return decision.refused.code;
    for (const event of decision.events) this.record(event, { author: writer, time: asked.at });
    return undefined;
  }

  /** What the node of the agency named does by itself. */
  acceptAutomatically(at: Instant): void {
    const refused = this.ask({ agency: this.inHand, role: 'automation', command: 'accept-custody', data: {}, at });
    if (refused !== undefined) throw new Error(`acceptance refused: ${refused}`);
  }

  private contextOf(
    { agency, role, at }: Pick<PlannedStep, 'agency' | 'role' | 'at'>,
    writer: AgencyCode,
  ): DecisionContext {
    const { procedures, calendar } = reference;
    const findAgency = (code: AgencyCode) => ({ level: levelOf(code), superiors: SUPERIORS(code) });
    return {
      dossier: dossierSubject(this.dossier.receivingAgency, this.dossier.id),
      now: at,
      time: at,
      requester: agency,
      writer,
      ...(agency === writer ? { roles: [role] } : {}),
      directory: directoryOf(at),
      procedures: procedureRules({ procedures, calendar, agency: writer, at, findAgency }),
      retention: { erasableFrom: () => undefined },
      findEvent: () => ({ on: 'main' }),
      freshId: this.dossier.id,
      issued: { dossierCode: `${writer}-230614-0001`, registerNumber: 1 } as NonNullable<DecisionContext['issued']>,
      opened: this.opened,
    };
  }

  private record(event: DossierEvent, { author, time }: { author: AgencyCode; time: Instant }): void {
    const faults = validators.validateOpen('dossier', event.type, 1, event.data as unknown as JsonObject);
    if (faults.length > 0) throw new Error(`${event.type}: ${JSON.stringify(faults)}`);
    this.place += 1;
    const hash = hashAt(this.place);
    this.state = evolve(this.state, {
      ...(event as unknown as ClearDossierEvent),
      hash,
      author,
      time,
      recordedTime: time,
    });
    this.events.push({ type: event.type, author, time });
    if (event.type === 'submitted') this.opened = { ...this.opened, submitted: event.data };
    if (event.type === 'resolved') this.opened = { ...this.opened, results: event.data.results };
  }
}

export interface Surprise {
  readonly step: string;
  readonly command: string;
  readonly refused: string;
}

/** Those of both ways of every race too. */
export const allSteps = (steps: readonly PlannedStep[]): readonly PlannedStep[] =>
  steps.flatMap((step) => [step, ...allSteps(step.race?.won ?? []), ...allSteps(step.race?.lost ?? [])]);

/** Gives the refusals that the plan does not foresee, and the writers that differ from it. */
export interface Rehearsed {
  readonly rehearsal: Rehearsal;
  readonly surprises: readonly Surprise[];
}

/** Every step in order. `nodes`: whether a node accepts before anybody can call back or decline, or after. */
export function rehearse(dossier: PlannedDossier, nodes: 'quick' | 'slow'): Rehearsed {
  const rehearsal = new Rehearsal(dossier);
  const surprises: Surprise[] = [];
  const play = (steps: readonly PlannedStep[]): boolean =>
    steps.every((step) => {
      if (step.race && nodes === 'quick') rehearsal.acceptAutomatically(step.at);
      const result = playStep(rehearsal, step);
      if (typeof result === 'object') {
        surprises.push(result);
        return false;
      }
      return step.race ? play(step.race[result]) : true;
    });
  play(dossier.steps);
  return { rehearsal, surprises };
}

function playStep(rehearsal: Rehearsal, step: PlannedStep): 'won' | 'lost' | Surprise {
  const { key, command, follows, race, at } = step;
  if (step.writer !== rehearsal.inHand) return { step: key, command, refused: `writer is ${rehearsal.inHand}` };
  const refused = rehearsal.ask(step);
  if (refused !== undefined) return race?.lostOn.includes(refused) === true ? 'lost' : { step: key, command, refused };
  for (let i = 0; i < follows; i += 1) rehearsal.acceptAutomatically(at);
  return 'won';
}
