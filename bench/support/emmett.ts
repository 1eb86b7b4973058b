/** The peer: `appendToStream` of an installation of emmett-postgresql outside the product (see `append.ts`). */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { someSubject } from '../../libs/testing/builders.ts';
import type { ModelDossier, ModelEvent } from './model-dossier.ts';
import type { Caller, Contender } from './rounds.ts';

interface PeerStore {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(stream: string, events: readonly object[], options: object): Promise<unknown>;
  close(): Promise<void>;
}
interface PeerModule {
  readonly getPostgreSQLEventStore: (url: string) => PeerStore;
}
interface OpenPeer {
  readonly contenders: readonly Contender[];
  close(): Promise<void>;
}

export async function openEmmett(url: string, { events }: ModelDossier): Promise<OpenPeer> {
  const folder = process.env['BENCH_EMMETT'];
  if (folder === undefined) return { contenders: [], close: () => Promise.resolve() };
  const entry = join(folder, 'node_modules/@event-driven-io/emmett-postgresql/dist/index.js');
  const { getPostgreSQLEventStore } = (await import(pathToFileURL(entry).href)) as PeerModule;
  const store = getPostgreSQLEventStore(url);
  await store.schema.migrate();
  const callers = (count: number): Caller[] => Array.from({ length: count }, () => callerOf(store, events));
  return { contenders: [{ name: 'emmett', callers }], close: () => store.close() };
}

function callerOf(store: PeerStore, events: readonly ModelEvent[]): Caller {
  let [stream, at] = [someSubject(), 0];
  return async () => {
    if (at === events.length) [stream, at] = [someSubject(), 0];
    const { name, unsigned } = events[at] as ModelEvent;
    const { data, ...metadata } = unsigned;
    await store.appendToStream(stream, [{ type: name, data, metadata }], { expectedStreamVersion: BigInt(at) });
    at += 1;
  };
}
