/**
 * A signed checkpoint of the log on a cadence and at stop (wire format 8), so that a rewritten tail is seen from the
 * first day. The tree is a frontier in memory, rebuilt from the log at start and compared with the last checkpoint: a
 * log that no longer gives the root it once signed is not signed again.
 */
import { checkpointText, createFrontier, entryLeafHash, signNote, type Frontier } from '#libs/ledger';
import { DomainError, encodeUtf8 } from '#libs/kernel';
import { CHECKPOINTS_TOPIC, type NodeServices } from '../node-services.ts';

const PAGE = 5000;

export class CheckpointSigner {
  private readonly services: NodeServices;
  private readonly frontier: Frontier;
  private signed = -1;

  constructor(services: NodeServices) {
    this.services = services;
    this.frontier = createFrontier(services.sha256);
  }

  get origin(): string {
    return `${this.services.logOriginHost}/${this.services.node}/1`;
  }

  /** Takes in what was appended since; gives the size signed, or undefined when nothing is new. Throws `LOG_REWRITTEN`. */
  async signOnce(): Promise<number | undefined> {
    const last = await this.services.store.findCheckpoint();
    await this.catchUp(last);
    const size = this.frontier.size;
    if (size === 0 || size === this.signed || size === last?.size) {
      this.signed = size;
      return undefined;
    }
    const root = this.frontier.root();
    const key = this.services.keys.logKey();
    const note = signNote(
      checkpointText({ origin: this.origin, size, root }),
      { name: this.origin, publicKey: key.publicKey, sign: (bytes) => key.sign(bytes) },
      this.services.sha256,
    );
    await this.services.store.saveCheckpoint({ size, rootHash: rootText(root), note });
    this.signed = size;
    await this.services.sender
      .send(CHECKPOINTS_TOPIC, [{ key: this.origin, value: encodeUtf8(note) }])
      .catch((error: unknown) => {
        this.services.report({ code: 'CHECKPOINT_NOT_PUBLISHED', details: { size, cause: String(error) } });
      });
    return size;
  }

  private async catchUp(last: { size: number; rootHash: string } | undefined): Promise<void> {
    for (;;) {
      const page = await this.services.store.readLog(this.frontier.size - 1, PAGE);
      if (page.length === 0) break;
      for (const message of page) {
        this.frontier.append(entryLeafHash(message.hash, this.services.sha256));
        if (last && this.frontier.size === last.size) this.compare(last);
      }
    }
    if (last && this.frontier.size < last.size) throw rewritten(last.size, this.frontier.size);
  }

  private compare(last: { size: number; rootHash: string }): void {
    if (rootText(this.frontier.root()) !== last.rootHash) throw rewritten(last.size, this.frontier.size);
  }
}

function rootText(root: Uint8Array): string {
  return Array.from(root, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function rewritten(signedSize: number, size: number): DomainError {
  return new DomainError('LOG_REWRITTEN', 'the log no longer gives the root that its last checkpoint signed', {
    signedSize,
    size,
  });
}
