import { findKey, type Directory } from '#libs/directory';
import {
  EMPTY_GRAPH,
  graphWith,
  idKey,
  judgeOnGraph,
  judgeWithoutStream,
  recordKeyOf,
  type AloneDeps,
  type Judgement,
  type PassedAlone,
  type RefusedAlone,
  type StreamGraph,
} from '#libs/exchange';
import { encodeUtf8, type Hash, type Instant, type SealedMessage, type Subject } from '#libs/kernel';
import { judgeTogether } from '../judge-together.ts';
import type { LaterLife, StoredMessage } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';
import { findHeadFaults } from './head-faults.ts';
import { TreeUnderCheckpoints } from './tree-under-checkpoint.ts';
import type { Fault, Verification, VerifyDeps } from './verification.ts';

/** Faults beyond these are counted by nobody: the ledger is not whole, and the first ones say where. */
const MAX_FAULTS = 1000;
const FAR_FUTURE = '9999-12-31T23:59:59.999Z' as Instant;

export type JudgedPage = readonly {
  readonly stored: StoredMessage;
  /** As its bytes claim; empty where they cannot be read. */
  readonly subject: string;
  readonly judged: PassedAlone | RefusedAlone;
}[];

/** Takes in a ledger entry by entry, in the order of the log. */
export class LedgerReader {
  readonly tree: TreeUnderCheckpoints;
  private readonly deps: VerifyDeps;
  private readonly directory: Directory;
  private readonly border: Omit<AloneDeps, 'verify'>;
  private readonly graphs = new Map<Subject, StreamGraph>();
  private readonly ids = new Map<string, Hash>();
  private readonly digests = new Map<Hash, Uint8Array>();
  private readonly faults: Fault[] = [];
  private messages = 0;
  private events = 0;

  constructor(deps: VerifyDeps, directory: Directory, lives: readonly LaterLife[]) {
    this.deps = deps;
    this.directory = directory;
    this.tree = new TreeUnderCheckpoints({ sha256: deps.sha256, verify: deps.verify, directory }, lives);
    this.border = {
      sha256: deps.sha256,
      known: deps.contracts.knownTypes(),
      now: FAR_FUTURE,
      findKey: (kind, keyId) => findKey(directory, kind, keyId),
      // What is held already stays when its key is revoked later (wire format 3 (d)).
      isBelieved: () => true,
    };
  }

  /** Stages 1 to 4 of a page, whatever came before it: may go on while an earlier page is entered. */
  async judgePage(page: readonly StoredMessage[]): Promise<JudgedPage> {
    const subjects = page.map(claimedSubject);
    const records = page.map(({ bytes }, at) => ({ key: encodeUtf8(recordKeyOf(subjects[at] ?? '')), value: bytes }));
    const judged = await judgeTogether(records, this.border, this.deps.verifyAll);
    return page.map((stored, at) => ({
      stored,
      subject: subjects[at] ?? '',
      judged: judged[at] as PassedAlone | RefusedAlone,
    }));
  }

  /** In log order. */
  enterPage(page: JudgedPage): void {
    for (const one of page) this.read(one);
  }

  private read({ stored, subject, judged }: JudgedPage[number]): void {
    if (stored.logIndex !== this.messages)
      this.fault({ logIndex: stored.logIndex, code: 'LOG_NOT_DENSE', detail: `expected ${this.messages}` });
    this.messages += 1;
    this.tree.append(stored.hash);
    if (!judged.ok)
      return this.fault({ logIndex: stored.logIndex, subject, code: judged.code, detail: `stage ${judged.stage}` });
    if (judged.sealed.hash !== stored.hash)
      return this.fault({ logIndex: stored.logIndex, subject, code: 'HASH_DIFFERS' });
    if (judged.sealed.class !== stored.class)
      this.fault({ logIndex: stored.logIndex, subject, code: 'CLASS_DIFFERS', detail: `stored ${stored.class}` });
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
    if (judgement.effect !== stored.effect) {
      const detail = `stored ${stored.effect}, found ${judgement.effect}`;
      this.fault({ logIndex: stored.logIndex, subject, code: 'EFFECT_DIFFERS', detail });
    }
    if (sealed.class !== 'event') return;
    this.events += 1;
    this.digests.set(sealed.hash, this.deps.sha256(stored.bytes));
    this.graphs.set(subject, graphWith(graph, sealed, judgement));
  }

  subjects(): readonly Subject[] {
    return [...this.graphs.keys()];
  }

  /** `kept`: what the database has of these streams. Gives those that have grown since they were read, if they may have. */
  compareHeads(kept: ReadonlyMap<Subject, StreamGraph>, mayHaveGrown: boolean): readonly Subject[] {
    const grown: Subject[] = [];
    for (const [subject, graph] of kept) {
      const found = this.graphs.get(subject) ?? EMPTY_GRAPH;
      if (mayHaveGrown && graph.events.length > found.events.length) grown.push(subject);
      else for (const fault of findHeadFaults(found, graph)) this.fault({ subject, ...fault });
    }
    return grown;
  }

  private fault(fault: Fault): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(fault);
  }

  /** `size`: what the head of the log said when the reading began. */
  finish(size: number): Verification {
    if (size > this.messages)
      this.fault({ code: 'LOG_SIZE_DIFFERS', detail: `head says ${size}, read ${this.messages}` });
    this.tree.finish();
    for (const fault of this.tree.faults) this.fault(fault);
    return {
      messages: this.messages,
      events: this.events,
      streams: this.graphs.size,
      checkpoints: this.tree.seen,
      faults: this.faults,
      histories: new Map([...this.graphs].map(([subject, graph]) => [subject as string, this.historyOf(graph)])),
    };
  }

  private historyOf(graph: StreamGraph): { events: number; digest: string } {
    const aside = new Set(graph.head?.superseded);
    const main = graph.events.filter(({ hash }) => !aside.has(hash)).toSorted((a, b) => a.streamseq - b.streamseq);
    const all = new Uint8Array(main.length * 32);
    main.forEach(({ hash }, at) => all.set(this.digests.get(hash) ?? new Uint8Array(), at * 32));
    return { events: main.length, digest: hex(this.deps.sha256(all)) };
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function claimedSubject(stored: StoredMessage): string {
  try {
    const { subject } = openStored(stored).message;
    return typeof subject === 'string' ? subject : '';
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
