/**
 * A signed checkpoint of the log on a cadence and at stop (wire format 8), so that a rewritten tail is seen from the first
 * day. The tree is a frontier in memory, rebuilt from the log at start and compared with the last checkpoint.
 *
 * Promises: a log that no longer gives the root it once signed, or that changed under a running signer, is not signed again,
 * not by this process nor after a restart; several signers of one node sign the same trees; what was signed is published,
 * whatever came between. Proved by `sign-checkpoints.int.spec.ts` and `kill-points.int.spec.ts`.
 */
import { checkpointText, createFrontier, entryLeafHash, signNote, type Frontier } from '#libs/ledger';
import { DomainError, encodeUtf8, type Hash } from '#libs/kernel';
import { leavesBefore, logOrigin } from '../life/log-life.ts';
import { CHECKPOINTS_TOPIC, type NodeServices } from '../node-services.ts';
import type { StoredMessage } from '../ports/index.ts';

const PAGE = 5000;

interface Signed {
  readonly size: number;
  readonly rootHash: string;
}
interface Told {
  readonly size: number;
  readonly note: string;
}

export class CheckpointSigner {
  private readonly services: NodeServices;
  private frontier: Frontier;
  /** Of the log that the frontier is of, and its entries before log index 0. */
  private life = 0;
  private before = 0;
  /** Last entry taken in; it must still stand there at the next look. */
  private last: Hash | undefined;
  private refusal: DomainError | undefined;
  /** The last one signed, as long as nobody has been told of it; of before this process, nobody knows whether it was. */
  private untold: Told | 'perhaps' | undefined = 'perhaps';

  constructor(services: NodeServices) {
    this.services = services;
    this.frontier = createFrontier(services.sha256);
  }

  get origin(): string {
    return logOrigin(this.services, this.life);
  }

  /** Takes in what was appended since; gives the size signed, or undefined when nothing is new. Throws `LOG_REWRITTEN`. */
  async signOnce(): Promise<number | undefined> {
    if (this.refusal) throw this.refusal;
    await this.enterLife();
    const signed = await this.signedInThisLife();
    await this.catchUp(signed);
    const { size } = this.frontier;
    if (size === this.before || size <= (signed?.size ?? 0)) {
      await this.publishUntold(signed);
      return undefined;
    }
    const { note, rootHash } = this.sign(size);
    await this.services.store.saveCheckpoint({ size, rootHash, note });
    await this.publish({ size, note });
    return size;
  }

  /** What a process signed that ended before it could say so, or with the broker away. */
  private async publishUntold(signed: Told | undefined): Promise<void> {
    const untold = this.untold === 'perhaps' ? signed : this.untold;
    this.untold = untold;
    // Said once that it failed is enough.
    if (untold) await this.send(untold).catch(() => undefined);
  }

  /** A life that begins while this runs has a log of its own. */
  private async enterLife(): Promise<void> {
    const { store, sha256 } = this.services;
    const { life } = await store.lifeFacts();
    if (life === this.life) return;
    this.life = life;
    this.frontier = createFrontier(sha256);
    this.last = undefined;
    const leaves = await leavesBefore(store, life, sha256);
    this.before = leaves.length;
    for (const leaf of leaves) this.frontier.append(entryLeafHash(leaf, sha256));
  }

  private async signedInThisLife(): Promise<(Signed & { readonly note: string }) | undefined> {
    const signed = await this.services.store.findCheckpoint();
    return signed?.note.startsWith(`${this.origin}\n`) ? signed : undefined;
  }

  private sign(size: number): { note: string; rootHash: string } {
    const root = this.frontier.root();
    const key = this.services.keys.logKey();
    const note = signNote(
      checkpointText({ origin: this.origin, size, root }),
      { name: this.origin, publicKey: key.publicKey, sign: (bytes) => key.sign(bytes) },
      this.services.sha256,
    );
    return { note, rootHash: rootText(root) };
  }

  private async publish(signed: Told): Promise<void> {
    this.untold = signed;
    await this.send(signed).catch((error: unknown) => {
      this.services.report({ code: 'CHECKPOINT_NOT_PUBLISHED', details: { size: signed.size, error } });
    });
  }

  private async send({ note }: Told): Promise<void> {
    await this.services.sender.send(CHECKPOINTS_TOPIC, [{ key: this.origin, value: encodeUtf8(note) }]);
    this.untold = undefined;
  }

  /** Each look begins with the entry that was the last one before. */
  private async catchUp(signed: Signed | undefined): Promise<void> {
    for (;;) {
      const { size } = this.frontier;
      const page = await this.services.store.readLog(size - this.before - 2, PAGE);
      const fresh = size === this.before ? page : this.withoutLast(page);
      if (fresh.length === 0) break;
      for (const message of fresh) this.append(message, signed);
    }
    if (signed && this.frontier.size < signed.size) throw this.refuse(signed.size);
  }

  private withoutLast([before, ...fresh]: readonly StoredMessage[]): readonly StoredMessage[] {
    if (before?.hash !== this.last || before?.logIndex !== this.frontier.size - this.before - 1)
      throw this.refuse(this.frontier.size);
    return fresh;
  }

  private append({ hash }: StoredMessage, signed: Signed | undefined): void {
    this.frontier.append(entryLeafHash(hash, this.services.sha256));
    this.last = hash;
    if (signed?.size === this.frontier.size && rootText(this.frontier.root()) !== signed.rootHash)
      throw this.refuse(signed.size);
  }

  private refuse(signedSize: number): DomainError {
    this.refusal = new DomainError('LOG_REWRITTEN', 'the log no longer gives the root that it once signed', {
      signedSize,
      size: this.frontier.size,
    });
    return this.refusal;
  }
}

function rootText(root: Uint8Array): string {
  return Array.from(root, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
