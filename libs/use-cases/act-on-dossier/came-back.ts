/**
 * The same request again after a restore. Its idempotency key went with the database, but what it did may have been with
 * peers, and has come back (design 5, *Life*). So the id of what a keyed request makes carries a tag: the last 60 bits are a
 * fingerprint of client, agency, key and request under the node's request secret, which rests beside the keys, outside the
 * database, and is destroyed as every fingerprint's is. For as long as keys are known, a node in a later life looks for the
 * tag among its own messages that came to it by its mailbox before it acts.
 *
 * Promises: what came back is not done again; what nobody holds is done, since its first effect is nowhere; the id says
 * nothing to anybody else. Proved by `came-back.int.spec.ts`.
 */
import { canonicalize, encodeUtf8, instantToMs, splitSubject, type Hash, type Subject, type Uuid } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { LaterLife, StoredMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import type { Act } from './act.ts';
import { answerOf, type Acted } from './answer.ts';

/** Design 5: a key is known for 7 days. */
const KEY_LIFE_MS = 7 * 86_400_000;
const PAGE = 2000;
const TAG_DIGITS = 15;

const HEX = '0123456789abcdef';
const tagOfId = (id: string): string => id.replaceAll('-', '').slice(-TAG_DIGITS);

/** An id as ever, in order of time; of a keyed request with its tag. */
export function idFor(services: Pick<NodeServices, 'ids' | 'keys' | 'sha256'>, act: Act): Uuid {
  const id = services.ids.uuid7();
  const bytes = requestBytes(act);
  if (!bytes) return id;
  const tag = tagOf(services, services.keys.requestHmac(bytes));
  return `${id.slice(0, 20)}${tag.slice(0, 3)}-${tag.slice(3)}` as Uuid;
}

function requestBytes({ agency, idempotency }: Act): Uint8Array | undefined {
  if (!idempotency) return undefined;
  const { client, key, request } = idempotency;
  const who = encodeUtf8(`${canonicalize([client, agency, key])}\n`);
  const bytes = new Uint8Array(who.length + request.length);
  bytes.set(who);
  bytes.set(request, who.length);
  return bytes;
}

function tagOf({ sha256 }: Pick<NodeServices, 'sha256'>, hmac: string): string {
  const digits = [...sha256(encodeUtf8(hmac))].map((byte) => `${HEX[byte >> 4]}${HEX[byte & 15]}`);
  return digits.join('').slice(0, TAG_DIGITS);
}

/** What of this node's own has come to it by its mailbox since the life began: hashes by tag. Read on as the log grows. */
interface CameBack {
  readonly life: number;
  readonly tags: Map<string, Hash>;
  readUpTo: number;
}
/** Of each process; a life guard is made once for each. */
const known = new WeakMap<NodeServices['life'], CameBack>();

/** The answer of the same request before the restore; undefined: none came back, or nothing was restored lately. */
export async function findCameBack(services: NodeServices, act: Act): Promise<Acted | undefined> {
  if ((services.life.mark()?.life ?? 1) === 1) return undefined;
  const bytes = requestBytes(act);
  const last = bytes && (await services.store.laterLives()).at(-1);
  if (!bytes || !last || isLongAgo(services, last)) return undefined;
  const tags = await readOn(services, last);
  const hash = services.keys
    .requestHmacs(bytes)
    .map((hmac) => tags.get(tagOf(services, hmac)))
    .find((found) => found !== undefined);
  const stored = hash && (await services.store.findByHash([hash])).get(hash);
  return stored && answerAgain(services, stored);
}

const isLongAgo = ({ wallClock }: NodeServices, { begunAt }: LaterLife): boolean =>
  instantToMs(wallClock.now()) - instantToMs(begunAt) > KEY_LIFE_MS;

async function readOn(services: NodeServices, { life, kept }: LaterLife): Promise<ReadonlyMap<string, Hash>> {
  const before = known.get(services.life);
  const now = before?.life === life ? before : { life, tags: new Map<string, Hash>(), readUpTo: kept - 1 };
  known.set(services.life, now);
  for (;;) {
    const page = await services.store.readLog(now.readUpTo, PAGE);
    const end = page.at(-1);
    if (!end) return now.tags;
    for (const stored of page) noteTag(now.tags, stored);
    now.readUpTo = Math.max(now.readUpTo, end.logIndex);
  }
}

function noteTag(tags: Map<string, Hash>, stored: StoredMessage): void {
  if (stored.arrival.kind !== 'mailbox' || (stored.class !== 'event' && stored.class !== 'command')) return;
  const { message, hash } = openStored(stored);
  const { kind } = splitSubject(message.subject);
  const tag = tagOfId(message.id);
  // Of a unit of events the first one has the tag, and is met first.
  if (kind === 'dossier' && !tags.has(tag)) tags.set(tag, hash);
}

async function answerAgain(services: NodeServices, stored: StoredMessage): Promise<Acted> {
  const { message, hash } = openStored(stored);
  const subject = message.subject as Subject;
  if (stored.class === 'command') return { kind: 'sent', command: hash, subject };
  const all = (await services.store.readStream(subject, 'all')).map(openStored);
  const together = all.filter(
    (one) =>
      one.message.source === message.source &&
      one.message.recordedtime === message.recordedtime &&
      one.message.correlationid === message.correlationid,
  );
  return { kind: 'answered', answer: answerOf(await services.shelf.load(subject), together), repeated: true };
}
