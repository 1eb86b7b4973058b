/**
 * A whole ledger read again as a distrustful receiver would: dense log, canonical bytes, hashes, signatures, keys, links,
 * custody, branches, and the tree under every checkpoint kept. Everything is judged by the same functions as at the border,
 * on the set of messages and the directory statements found in the log itself; only the registrar's keys come from outside.
 *
 * Promise (G8): a changed byte, a missing or inserted entry, and a tail rewritten and signed anew below a checkpoint are
 * found. Proved by `verify-ledger.int.spec.ts`.
 */
import { findKey, emptyDirectory, takeStatements, type Directory, type RegistrarKey } from '#libs/directory';
import {
  EMPTY_GRAPH,
  graphWith,
  idKey,
  judgeAlone,
  judgeOnGraph,
  judgeWithoutStream,
  recordKeyOf,
  type AloneDeps,
  type Judgement,
  type StreamGraph,
} from '#libs/exchange';
import {
  encodeUtf8,
  type Hash,
  type Instant,
  type SealedMessage,
  type Sha256,
  type Subject,
  type VerifyEd25519,
} from '#libs/kernel';
import { findCheckpointFault, type CheckpointFound } from './tree-under-checkpoint.ts';
import type { Contracts, EventStore, StoredMessage, StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

export interface VerifyDeps {
  readonly store: Pick<EventStore, 'readLog' | 'logSize' | 'findHead' | 'readDirectory' | 'findCheckpoint'>;
  readonly contracts: Pick<Contracts, 'knownTypes'>;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly trusted: readonly RegistrarKey[];
  /** Checkpoints got elsewhere (another node, the topic), beside the one in the database. */
  readonly checkpoints?: readonly CheckpointFound[];
  onProgress?(done: number, of: number): void;
}
export interface Fault {
  readonly logIndex?: number;
  readonly subject?: string;
  readonly code: string;
  readonly detail?: string;
}
export interface Verification {
  readonly messages: number;
  readonly events: number;
  readonly streams: number;
  readonly checkpoints: number;
  readonly faults: readonly Fault[];
  /** SHA-256 (hex) over the bytes of each stream's main branch, to compare nodes. */
  readonly histories: ReadonlyMap<string, { readonly events: number; readonly digest: string }>;
}

const PAGE = 2000;
/** Faults beyond these are counted by nobody: the ledger is not whole, and the first ones say where. */
const MAX_FAULTS = 1000;
const FAR_FUTURE = '9999-12-31T23:59:59.999Z' as Instant;

export async function verifyLedger(deps: VerifyDeps): Promise<Verification> {
  const statements = (await deps.store.readDirectory()).map(openStored);
  const { directory } = takeStatements(emptyDirectory(deps.trusted), statements);
  const { size } = await deps.store.logSize();
  const reader = new LedgerReader(deps, directory);
  for (let after = -1; ;) {
    const page = await deps.store.readLog(after, PAGE);
    if (page.length === 0) break;
    for (const stored of page) reader.read(stored);
    after = (page.at(-1) as StoredMessage).logIndex;
    deps.onProgress?.(after + 1, size);
  }
  await reader.finish(size);
  return reader.result();
}

class LedgerReader {
  private readonly deps: VerifyDeps;
  private readonly directory: Directory;
  private readonly border: AloneDeps;
  private readonly graphs = new Map<Subject, StreamGraph>();
  private readonly ids = new Map<string, Hash>();
  private readonly bytes = new Map<Hash, Uint8Array>();
  private readonly hashes: Hash[] = [];
  private readonly faults: Fault[] = [];
  private events = 0;
  private checkpoints = 0;

  constructor(deps: VerifyDeps, directory: Directory) {
    this.deps = deps;
    this.directory = directory;
    this.border = {
      sha256: deps.sha256,
      verify: deps.verify,
      known: deps.contracts.knownTypes(),
      now: FAR_FUTURE,
      findKey: (kind, keyId) => findKey(directory, kind, keyId),
      // What is held already stays when its key is revoked later (wire format 3 (d)).
      isBelieved: () => true,
    };
  }

  read(stored: StoredMessage): void {
    if (stored.logIndex !== this.hashes.length)
      this.fault({ logIndex: stored.logIndex, code: 'LOG_NOT_DENSE', detail: `expected ${this.hashes.length}` });
    this.hashes.push(stored.hash);
    const subject = claimedSubject(stored);
    const judged = judgeAlone({ key: encodeUtf8(recordKeyOf(subject)), value: stored.bytes }, this.border);
    if (!judged.ok)
      return this.fault({ logIndex: stored.logIndex, subject, code: judged.code, detail: `stage ${judged.stage}` });
    if (judged.sealed.hash !== stored.hash)
      return this.fault({ logIndex: stored.logIndex, subject, code: 'HASH_DIFFERS' });
    this.enter(stored, judged.sealed);
  }

  private enter(stored: StoredMessage, sealed: SealedMessage): void {
    const subject = sealed.message.subject as Subject;
    const known = { ids: this.ids };
    const graph = this.graphs.get(subject) ?? EMPTY_GRAPH;
    const judgement: Judgement =
      sealed.class === 'event'
        ? judgeOnGraph(sealed, { graph, directory: this.directory, known })
        : judgeWithoutStream(sealed, { known });
    this.ids.set(idKey(sealed), sealed.hash);
    if (judgement.kind !== 'recorded')
      return this.fault({ logIndex: stored.logIndex, subject, code: codeOf(judgement) });
    if (sealed.class !== 'event') return;
    this.events += 1;
    this.bytes.set(sealed.hash, stored.bytes);
    this.graphs.set(subject, graphWith(graph, sealed, judgement));
    if (judgement.effect !== stored.effect)
      this.fault({
        logIndex: stored.logIndex,
        subject,
        code: 'EFFECT_DIFFERS',
        detail: `stored ${stored.effect}, found ${judgement.effect}`,
      });
  }

  async finish(size: number): Promise<void> {
    if (size !== this.hashes.length)
      this.fault({ code: 'LOG_SIZE_DIFFERS', detail: `head says ${size}, read ${this.hashes.length}` });
    for (const [subject, { head }] of this.graphs)
      this.compareHead(subject, head, await this.deps.store.findHead(subject));
    const own = await this.deps.store.findCheckpoint();
    const found = [...(own ? [{ size: own.size, note: own.note }] : []), ...(this.deps.checkpoints ?? [])];
    for (const checkpoint of found) this.checkCheckpoint(checkpoint);
  }

  private checkCheckpoint(checkpoint: CheckpointFound): void {
    this.checkpoints += 1;
    const fault = findCheckpointFault(checkpoint, this.hashes, {
      sha256: this.deps.sha256,
      verify: this.deps.verify,
      directory: this.directory,
    });
    if (fault) this.fault({ code: fault, detail: `checkpoint of size ${checkpoint.size}` });
  }

  private compareHead(subject: Subject, found: StreamGraph['head'], stored: StreamHead | undefined): void {
    if (!found || !stored) return this.fault({ subject, code: 'HEAD_MISSING' });
    if (found.hash !== stored.hash || found.streamseq !== stored.streamseq)
      this.fault({ subject, code: 'HEAD_DIFFERS' });
    if (JSON.stringify(found.hand ?? null) !== JSON.stringify(stored.hand ?? null))
      this.fault({ subject, code: 'HAND_DIFFERS' });
    if (found.fork !== stored.fork) this.fault({ subject, code: 'FORK_DIFFERS' });
  }

  private fault(fault: Fault): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(fault);
  }

  result(): Verification {
    const histories = new Map<string, { events: number; digest: string }>();
    for (const [subject, graph] of this.graphs) histories.set(subject, this.historyOf(graph));
    return {
      messages: this.hashes.length,
      events: this.events,
      streams: this.graphs.size,
      checkpoints: this.checkpoints,
      faults: this.faults,
      histories,
    };
  }

  private historyOf(graph: StreamGraph): { events: number; digest: string } {
    const aside = new Set(graph.head?.superseded ?? []);
    const main = graph.events.filter(({ hash }) => !aside.has(hash)).toSorted((a, b) => a.streamseq - b.streamseq);
    const parts = main.map(({ hash }) => this.bytes.get(hash) ?? new Uint8Array());
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return { events: main.length, digest: hex(this.deps.sha256(all)) };
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function claimedSubject(stored: StoredMessage): string {
  try {
    return openStored(stored).message.subject;
  } catch {
    // Bytes that are no JSON are a fault of stage 1, found in the next step.
    return '';
  }
}

function codeOf(judgement: Exclude<Judgement, { kind: 'recorded' }>): string {
  switch (judgement.kind) {
    case 'duplicate':
      return 'RECORDED_TWICE';
    case 'held':
      return judgement.reason;
    case 'quarantined':
      return judgement.code;
  }
}
