/**
 * Whether this node may sign (design 5, *Life*). A node on a database older than its mark would sign places again that it
 * has signed before; so it signs nothing until it has caught up with its peers and begun its next life.
 *
 * States: *unproved* (no mark: what the node published before is waited for) → *alive*; *restored* (mark, published
 * checkpoints or receipts say that the log went further, or elsewhere: reads and answers, takes nothing in) → *recovering*
 * (its next life is begun: takes in, asks its peers, signs nothing but what it asks and that it recovers) → *alive*.
 *
 * Promises: a database is held against the mark before anything is read over a new connection, and once a second besides;
 * mark and database agree: it works at once, whoever else is away; what is not allowed is refused where the bytes are
 * signed, so nothing gets round it. Proved by `life-guard.spec.ts`, `lives.int.spec.ts` and `recover.int.spec.ts`.
 */
import { DomainError, typeOf, type Message } from '#libs/kernel';
import type { EventStore, KeyCustody, LifeFacts, LifeMark, MarkKeeper, SigningKey } from '../ports/index.ts';
import { disagreement, markOf, type Disagreement } from './judge-mark.ts';

export type LifeState = 'unproved' | 'alive' | 'restored' | 'recovering';
type Report = (event: { readonly code: string; readonly details?: Readonly<Record<string, unknown>> }) => void;

const ADVICE = 'its database was put back to an earlier state, or is another one: run lienthong recover';
const KEEP_ADVICE = 'see that KEYS_DIR can be written to and has room: until then a restored database may not be known';
const EXCHANGE = new TextEncoder().encode('lienthong/exchange/v1\n');

export class LifeGuard {
  private readonly keeper: MarkKeeper;
  private readonly report: Report;
  private kept: LifeMark | undefined;
  /** The last mark could not be written: tried again at every look, told once. */
  private unkept = false;
  private now: LifeState = 'unproved';
  private why: Disagreement | undefined;
  /** Said by the broker in place of a lost mark: then receipts are believed, too. */
  private provedByOthers = false;

  constructor(keeper: MarkKeeper, report: Report) {
    this.keeper = keeper;
    this.report = report;
    this.kept = keeper.find();
  }

  get state(): LifeState {
    return this.now;
  }
  get reason(): Disagreement | undefined {
    return this.why;
  }
  get signs(): boolean {
    return this.now === 'alive';
  }
  /** Whether messages are recorded: not on a database that may be replaced by the right one yet. */
  get takesIn(): boolean {
    return this.now === 'alive' || this.now === 'recovering';
  }

  mark(): LifeMark | undefined {
    return this.kept;
  }

  /** Judges what a connection shows. `against`: the mark as it was when the facts were asked for. */
  see(facts: LifeFacts, against: LifeMark | undefined = this.kept): void {
    if (!against) {
      if (this.provedByOthers) this.enter(facts.recovering ? 'recovering' : 'alive');
      return;
    }
    const why = disagreement(against, facts);
    if (why) this.enter('restored', why);
    else this.enter(facts.recovering ? 'recovering' : 'alive');
  }

  /** Looks at the database now, and moves the mark. Another process of the node may have moved it, too. */
  async look(store: Pick<EventStore, 'lifeFacts'>): Promise<LifeState> {
    const found = this.keeper.find();
    if (found && isFurther(found, this.kept)) this.kept = found;
    const against = this.kept;
    const facts = await store.lifeFacts(against && against.size - 1);
    this.see(facts, against);
    if (this.takesIn) this.keep(markOf(facts));
    return this.now;
  }

  /** No mark, and what others know does not speak against this database. */
  async prove(store: Pick<EventStore, 'lifeFacts'>): Promise<void> {
    this.provedByOthers = this.kept === undefined;
    await this.look(store);
  }

  /** Others hold more than this database does. Counts where no mark speaks for it: a peer may lie. */
  async disprove(store: Pick<EventStore, 'lifeFacts'>, why: Disagreement): Promise<void> {
    if (this.kept && !this.provedByOthers) return;
    this.keep({ ...markOf(await store.lifeFacts()), disproved: why });
    this.enter('restored', why);
  }

  /** The next life was begun on this database. */
  async begun(store: Pick<EventStore, 'lifeFacts'>): Promise<void> {
    this.provedByOthers = false;
    this.kept = undefined;
    this.keep(markOf(await store.lifeFacts()));
    await this.look(store);
  }

  /** @throws DomainError `NODE_RECOVERING` */
  mustTakeIn(): void {
    if (!this.takesIn) throw this.refusal();
  }

  /** Keys that sign nothing but exchange messages, and what is recorded of the recovery, while this node may not sign. */
  guard(keys: KeyCustody): KeyCustody {
    const guarded = (key: SigningKey): SigningKey => ({
      ...key,
      sign: (bytes) => {
        if (!this.signs && !isExchange(bytes) && !(this.now === 'recovering' && isAboutRecovery(bytes)))
          throw this.refusal();
        return key.sign(bytes);
      },
    });
    return { ...keys, signingKey: (owner) => guarded(keys.signingKey(owner)), logKey: () => guarded(keys.logKey()) };
  }

  private refusal(): DomainError {
    const advice = this.now === 'unproved' ? 'it has no mark of its log: it waits for the broker' : ADVICE;
    const details = { state: this.now, why: this.why, advice, retryable: true, delayMs: 1_000 };
    return new DomainError(
      'NODE_RECOVERING',
      `this node signs nothing now (${this.why ?? this.now}): ${advice}`,
      details,
    );
  }

  private enter(state: LifeState, why?: Disagreement): void {
    const before = this.now;
    this.now = state;
    this.why = why;
    if (state === before) return;
    if (state === 'restored') this.report({ code: 'NODE_RECOVERING', details: { why, advice: ADVICE } });
    else if (before === 'recovering') this.report({ code: 'NODE_RECOVERED' });
  }

  private keep(mark: LifeMark): void {
    if (!this.unkept && this.kept && JSON.stringify(this.kept) === JSON.stringify(mark)) return;
    this.kept = mark;
    const before = this.unkept;
    try {
      this.keeper.keep(mark);
      this.unkept = false;
    } catch (error) {
      this.unkept = true;
      if (!before) this.report({ code: 'MARK_NOT_KEPT', details: { error, advice: KEEP_ADVICE } });
    }
  }
}

/** Of a later life, or further in the same one; or what says that this life is over. */
const isFurther = (found: LifeMark, than: LifeMark | undefined): boolean =>
  !than ||
  found.life > than.life ||
  (found.life === than.life && (found.size > than.size || found.disproved !== undefined));

/** The node's own acts about its new life; they go to nobody, so no place that a peer knows is signed again. */
const RECOVERY = ['recovery-ordered', 'recovery-completed'].map((name) => typeOf('operation', name));
const EVENT = 'lienthong/event/v1\n';

function isAboutRecovery(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith(EVENT)) return false;
  return RECOVERY.includes((JSON.parse(text.slice(EVENT.length)) as Message).type);
}
const isExchange = (bytes: Uint8Array): boolean => EXCHANGE.every((byte, at) => bytes[at] === byte);
