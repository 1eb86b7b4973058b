/** What became of a command that was sent (wire format 2.1): its outcome, as soon as this node holds one. */
import { rehomerFor, successorsOf } from '#libs/directory';
import type { DossierCommandName } from '#libs/dossier';
import { EMPTY_GRAPH } from '#libs/exchange';
import {
  agencyInName,
  agencySource,
  DomainError,
  isJsonObject,
  splitSource,
  splitType,
  type AgencyCode,
  type Hash,
  type JsonObject,
  type Message,
  type SealedMessage,
  type Subject,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { StoredMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { answerOf, warningsOf, type Answer } from '../act-on-dossier/answer.ts';
import { overseesNode, type Reader } from './jurisdiction.ts';
import { chooseOutcome, eventsNamed } from './outcome-weight.ts';

interface EventCaused {
  readonly hash: Hash;
  /** Absent while the event itself has not arrived. */
  readonly type?: string;
  readonly place?: number;
}
export type OutcomeRead =
  | { readonly status: 'pending'; readonly subject: Subject }
  | ({ readonly status: 'accepted'; readonly subject: Subject; readonly events: readonly EventCaused[] } & Partial<
      Pick<Answer, 'situation' | 'dossierCode' | 'dueAt' | 'warnings'>
    >)
  | {
      readonly status: 'refused';
      readonly subject: Subject;
      readonly code: string;
      readonly message: { readonly vi: string; readonly en: string };
      readonly allowed: readonly DossierCommandName[];
    };

/** Throws `COMMAND_NOT_SENT`: no command of the reader's agencies with this hash is recorded here. */
export async function readOutcome(services: NodeServices, command: Hash, reader: Reader): Promise<OutcomeRead> {
  const stored = (await services.store.findByHash([command])).get(command);
  if (!stored || stored.class !== 'command') throw unknown();
  const { message } = openStored(stored);
  const isOwn = reader.agencies.some((agency) => agencySource(agency) === message.source);
  if (!isOwn && !overseesNode(reader)) throw unknown();
  return outcomeNow(services, command, message.subject as Subject);
}

const unknown = (): DomainError =>
  new DomainError('COMMAND_NOT_SENT', 'no command of this agency with this hash is recorded here');

/** Waits for the outcome as long as asked; `pending` when it has not come by then. `nowMs` is a clock of real time. */
export async function awaitOutcome(
  services: NodeServices,
  command: Hash,
  { subject, waitMs, nowMs }: { subject: Subject; waitMs: number; nowMs: () => number },
): Promise<OutcomeRead> {
  const deadline = nowMs() + waitMs;
  for (;;) {
    const outcome = await outcomeNow(services, command, subject);
    const left = deadline - nowMs();
    if (outcome.status !== 'pending' || left <= 0) return outcome;
    await services.store.appended(Math.min(left, LOOK_EVERY_MS));
  }
}
/** Another process of the node may have recorded it. */
const LOOK_EVERY_MS = 250;

async function outcomeNow(services: NodeServices, command: Hash, subject: Subject): Promise<OutcomeRead> {
  const caused = await services.store.findCaused(command);
  const outcomes = caused.filter((stored) => stored.class === 'outcome');
  const answer = outcomes.length === 0 ? undefined : await chooseAnswer(services, command, { subject, caused });
  if (!answer) return { status: 'pending', subject };
  return splitType(answer.message.type)?.name === 'accepted'
    ? readAccepted(services, answer, subject)
    : readRefused(answer.message, subject);
}

async function chooseAnswer(
  services: NodeServices,
  command: Hash,
  { subject, caused }: { subject: Subject; caused: readonly StoredMessage[] },
): Promise<SealedMessage | undefined> {
  const asked = (await services.store.findByHash([command])).get(command);
  const outcomes = caused.filter((stored) => stored.class === 'outcome');
  const events = caused.filter((stored) => stored.class === 'event' && openStored(stored).message.subject === subject);
  return chooseOutcome(
    outcomes.map((stored) => ({ sealed: openStored(stored), isOwn: stored.arrival.kind === 'local' })),
    {
      subject,
      expiredAt: (asked && openStored(asked).message.expirytime) ?? '',
      now: services.clock.now(),
      caused: new Set(events.map(({ hash }) => hash)),
      mayDecide: await findDeciders(services, subject),
    },
  );
}

/** Agencies of the stream as it is held here, those who continue them, and the rehomer; everybody while nothing is held. */
async function findDeciders(services: NodeServices, subject: Subject): Promise<(agency: AgencyCode) => boolean> {
  const { head, events } = (await services.store.loadGraphs([subject])).get(subject) ?? EMPTY_GRAPH;
  if (!head) return () => true;
  const directory = services.directory();
  const now = services.clock.now();
  const writers = events.map(({ source }) => splitSource(source)?.name as AgencyCode);
  const named = events.flatMap(({ to }) => (to === undefined ? [] : [to]));
  const agencies = [...new Set([agencyInName(subject), ...head.parties, ...writers, ...named])];
  const rehomers = agencies.map((agency) => rehomerFor(directory, agency, subject, now));
  const deciders = new Set([
    ...agencies,
    ...agencies.flatMap((agency) => successorsOf(directory, agency, now)),
    ...rehomers,
  ]);
  return (agency) => deciders.has(agency);
}

async function readAccepted(services: NodeServices, accepted: SealedMessage, subject: Subject): Promise<OutcomeRead> {
  const hashes = eventsNamed(accepted);
  const held = await services.store.findByHash(hashes);
  const loaded = await services.shelf.load(subject);
  const { situation, dossierCode, dueAt } = answerOf(loaded, []);
  const isThere = hashes.every((hash) => held.has(hash));
  return {
    status: 'accepted',
    subject,
    events: hashes.map((hash) => eventCaused(hash, held.get(hash))),
    ...warningsOf(loaded.state, new Set(hashes)),
    ...(isThere
      ? { situation, ...(dossierCode === undefined ? {} : { dossierCode }), ...(dueAt === undefined ? {} : { dueAt }) }
      : {}),
  };
}

function eventCaused(hash: Hash, stored: StoredMessage | undefined): EventCaused {
  if (!stored) return { hash };
  const { type, streamseq } = openStored(stored).message;
  return { hash, type: splitType(type)?.name ?? type, place: Number(streamseq) };
}

function readRefused({ data }: Message, subject: Subject): OutcomeRead {
  const message: JsonObject = isJsonObject(data['message']) ? data['message'] : {};
  return {
    status: 'refused',
    subject,
    code: textOf(data['code']),
    message: { vi: textOf(message['vi']), en: textOf(message['en']) },
    allowed: listOf(data['allowed']) as readonly DossierCommandName[],
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
