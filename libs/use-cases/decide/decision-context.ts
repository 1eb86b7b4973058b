/** Binds what a decision needs to the reference data of its time, and takes from ledger and vault what only they know. */
import {
  takesFromCounters,
  type DecisionContext,
  type DossierCommand,
  type EventStanding,
  type OpenedValues,
  type Role,
  type SupersededAct,
} from '#libs/dossier';
import { committedPointers, openPersonal, parseDisclosure } from '#libs/exchange';
import {
  laterOf,
  localDateOf,
  splitType,
  type AgencyCode,
  type DossierCode,
  type Hash,
  type Instant,
  type JsonObject,
  type SealedMessage,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { supersededOf } from '../read-dossier/superseded-of.ts';
import { openStored } from '../stored-messages.ts';
import { directoryRules } from './directory-rules.ts';
import { missingOpenings } from './missing-openings.ts';
import { procedureRulesAt } from './procedure-rules-at.ts';
import type { LoadedDossier } from './load-dossier.ts';

export interface Ask {
  readonly command: DossierCommand;
  readonly requester: AgencyCode;
  readonly writer: AgencyCode;
  /** Absent for a command from another node, which has answered for its officer. */
  readonly roles?: readonly Role[];
  readonly occurredAt: Instant;
  readonly expiresAt?: Instant;
  /** `recordedtime` of a command from another node, whose clock may be up to 300 s ahead of ours (wire format 3 (c)). */
  readonly statedAt?: Instant;
  /** The superseded event that the custodian takes over. */
  readonly takesOver?: Hash;
}
export type Issued = NonNullable<DecisionContext['issued']>;

/** Hand-issued codes have the numbers from 9000 (domain 4.8); the counter leaves them out. */
const FIRST_BY_HAND = 9000;
const BY_HAND = 1000;

export async function contextFor(
  services: NodeServices,
  loaded: LoadedDossier,
  ask: Ask,
  issued?: Issued,
): Promise<DecisionContext> {
  const now = nowFor(services, ask);
  const opened = await openedFor(services, loaded, ask.command);
  const superseded = namesSuperseded(ask) ? await supersededOf(services, loaded.head) : [];
  return {
    dossier: loaded.subject,
    now,
    time: ask.occurredAt,
    ...(ask.expiresAt === undefined ? {} : { expiresAt: ask.expiresAt }),
    requester: ask.requester,
    writer: ask.writer,
    ...(ask.roles === undefined ? {} : { roles: ask.roles }),
    directory: directoryRules(services.directory(), now),
    procedures: procedureRulesAt(services, ask.writer, now),
    retention: { erasableFrom: (endedAt) => services.erasableFrom(endedAt) },
    findEvent: (hash) => standing(loaded, superseded, hash),
    ...(ask.takesOver === undefined ? {} : { takesOver: ask.takesOver }),
    freshId: services.ids.uuid7(),
    ...(issued ? { issued } : {}),
    ...(opened ? { opened } : {}),
  };
}

function nowFor({ clock }: NodeServices, { statedAt }: Ask): Instant {
  const now = clock.now();
  return statedAt === undefined ? now : laterOf(now, statedAt);
}

/** All others ask for no event but those of the main history. */
const namesSuperseded = ({ command, takesOver }: Ask): boolean => command.type === 'correct' || takesOver !== undefined;

function standing(
  { mainHashes }: LoadedDossier,
  superseded: readonly SupersededAct[],
  hash: Hash,
): EventStanding | undefined {
  if (mainHashes.has(hash)) return { on: 'main' };
  for (const { events, status } of superseded) {
    const found = events.find((event) => event.hash === hash);
    if (found) return { on: 'superseded', type: found.type, answered: status === 'answered' };
  }
  return undefined;
}

/** Code and register number, taken only when the decision uses them; an unused one leaves a gap and harms nothing. */
export async function issueNumbers(
  services: NodeServices,
  { command, writer, occurredAt }: Ask,
): Promise<Issued | undefined> {
  if (!takesFromCounters(command)) return undefined;
  const day = localDateOf(occurredAt);
  const [inDay, inYear] = await Promise.all([
    services.store.nextNumber(writer, `dossier-code/${day}`),
    services.store.nextNumber(writer, `register/${day.slice(0, 4)}`),
  ]);
  const number = inDay < FIRST_BY_HAND ? inDay : inDay + BY_HAND;
  const yymmdd = day.slice(2).replaceAll('-', '');
  return {
    dossierCode: `${writer}-${yymmdd}-${String(number).padStart(4, '0')}` as DossierCode,
    registerNumber: inYear,
  };
}

async function openedFor(
  services: NodeServices,
  loaded: LoadedDossier,
  command: DossierCommand,
): Promise<OpenedValues | undefined> {
  switch (command.type) {
    case 'receive-dossier':
      return openedData(services, loaded, 'submitted', (data) => ({ submitted: data }) as unknown as OpenedValues);
    case 'mark-result-ready':
      return openedData(
        services,
        loaded,
        'resolved',
        (data) => ({ results: data['results'] }) as unknown as OpenedValues,
      );
    case 'accept-custody':
      return { missing: await missingOpenings(services, loaded) };
    default:
      return undefined;
  }
}

/** The last event of a name with its personal values at their places. */
async function openedData(
  services: NodeServices,
  loaded: LoadedDossier,
  name: string,
  as: (data: JsonObject) => OpenedValues,
): Promise<OpenedValues | undefined> {
  const main = (await services.store.readStream(loaded.subject, 'main')).map(openStored);
  const event = main.findLast(({ message }) => splitType(message.type)?.name === name);
  return event && as(await openData(services, event));
}

/** `data` of an event or command with every personal value that the vault holds. */
export async function openData(services: NodeServices, sealed: SealedMessage): Promise<JsonObject> {
  if (committedPointers(sealed).length === 0) return sealed.message.data;
  const held = await services.vault.find([sealed.hash]);
  return openPersonal(
    sealed.message.data,
    held.flatMap(({ disclosure }) => parseDisclosure(disclosure) ?? []),
  );
}
