import type { Calendar } from '#libs/calendar';
import type { Directory } from '#libs/directory';
import type { AgencyCode, Hash, Instant, NodeId, Sha256, VerifyAllEd25519, VerifyEd25519 } from '#libs/kernel';
import type { Procedures } from '#libs/procedures';
import type { OnceInAWhile } from './once-in-a-while.ts';
import type { DossierShelf } from './decide/load-dossier.ts';
import type { Doorbell } from './doorbell.ts';
import type { LifeGuard } from './life/life-guard.ts';
import type { Clock, Contracts, EventStore, Ids, KeyCustody, MailboxSender, Vault } from './ports/index.ts';

/** What every use case of one node is handed. Reference data are read at each use, since they change while the node runs. */
export interface NodeServices {
  readonly node: NodeId;
  readonly store: EventStore;
  /** Whether this node may sign; the keys below ask it. */
  readonly life: LifeGuard;
  readonly vault: Vault;
  readonly keys: KeyCustody;
  readonly sender: MailboxSender;
  /** Work time: what events, deadlines and validity go by. */
  readonly clock: Clock;
  /** Real time: what waits and time-outs go by. The same as `clock` but in a stack that replays another day. */
  readonly wallClock: Clock;
  readonly ids: Ids;
  readonly contracts: Contracts;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly verifyAll: VerifyAllEd25519;
  readonly procedures: Procedures;
  readonly calendar: Calendar;
  directory(): Directory;
  /** Agencies that accept what is forwarded to them without a hand; `all`: every agency of this node. */
  readonly autoAccept: 'all' | readonly AgencyCode[];
  readonly logOriginHost: string;
  /** Messages under a key since revoked that an operator has believed by a recorded act (wire format 3 (d)). */
  readonly believed: ReadonlySet<Hash>;
  /** First moment at which personal data of a dossier that ended then may be erased; undefined: never by rule. */
  erasableFrom(endedAt: Instant): Instant | undefined;
  readonly shelf: DossierShelf;
  readonly bell: Doorbell;
  readonly lately: OnceInAWhile;
  /** Told about what went wrong without stopping anything: code and details without personal data. */
  report(event: { readonly code: string; readonly details?: Readonly<Record<string, unknown>> }): void;
}

export { CHECKPOINTS_TOPIC, DIRECTORY_TOPIC, mailboxTopic as mailboxOf } from '#libs/exchange';
