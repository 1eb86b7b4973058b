/** Codes of dossiers that were issued after the state put back: none is issued twice (design 5, *Life*). */
import {
  instantToMs,
  localDateOf,
  msToInstant,
  splitSource,
  splitType,
  type Instant,
  type Message,
} from '#libs/kernel';
import { ownAgencies } from '../own-agencies.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

/** More than an agency issues between a backup and its restore, beside those that came back. */
const GAP = 1000;
const PAGE = 2000;
const DAY_MS = 86_400_000;

/** Of what came back, the highest number of each day and year; and a gap beyond for today and tomorrow, seen or not. */
export async function raiseCodes(services: NodeServices): Promise<void> {
  const seen = await numbersSeen(services);
  const now = services.clock.now();
  for (const agency of ownAgencies(services)) {
    for (const at of [now, msToInstant(instantToMs(now) + DAY_MS)]) {
      const day = localDateOf(at);
      for (const name of [`dossier-code/${day}`, `register/${day.slice(0, 4)}`])
        await services.store.raiseCounter(agency, name, (seen.get(`${agency}\n${name}`) ?? 0) + GAP);
    }
  }
}

/** Highest number by agency, LF, counter. */
type Seen = Map<string, number>;

async function numbersSeen({ store }: NodeServices): Promise<Seen> {
  const seen: Seen = new Map();
  for (let after = ((await store.laterLives()).at(-1)?.kept ?? 0) - 1; ;) {
    const page = await store.readLog(after, PAGE);
    const last = page.at(-1);
    if (!last) return seen;
    for (const stored of page) if (stored.class === 'event') noteNumbers(seen, openStored(stored).message);
    after = last.logIndex;
  }
}

function noteNumbers(seen: Seen, { type, source, recordedtime, data }: Message): void {
  if (splitType(type)?.name !== 'received') return;
  const author = splitSource(source)?.name ?? '';
  const date = localDateOf(recordedtime as Instant);
  const note = (counter: string, number: unknown): void => {
    const key = `${author}\n${counter}`;
    if (Number.isSafeInteger(number)) seen.set(key, Math.max(seen.get(key) ?? 0, number as number));
  };
  note(`register/${date.slice(0, 4)}`, data['registerNumber']);
  const prefix = `${author}-${date.slice(2).replaceAll('-', '')}-`;
  const { dossierCode } = data;
  if (typeof dossierCode === 'string' && dossierCode.startsWith(prefix))
    note(`dossier-code/${date}`, Number(dossierCode.slice(prefix.length)));
}
