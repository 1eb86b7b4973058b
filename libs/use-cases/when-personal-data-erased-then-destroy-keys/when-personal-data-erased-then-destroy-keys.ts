/**
 * Erasure (design 8): the event `personal-data-erased` first, then the keys, repeated until done, at every node that holds
 * the dossier; then `erased` to the others that do. From the start of the log at every start of a process, so that a vault
 * that was restored from a backup is brought in line with the ledger before long.
 *
 * Promises: what an erasure event on the main branch names cannot be read here once this has passed it, whatever came to the
 * vault before or after; a node says so once. An erasure on a branch that is not followed destroys nothing, and is looked at
 * again as long as that may change. Proved by `when-personal-data-erased-then-destroy-keys.int.spec.ts`.
 */
import { recipients } from '#libs/exchange';
import type { Hash, NodeId, SealedMessage, Subject } from '#libs/kernel';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import { eachAlone } from '../each-alone.ts';
import type { StoredMessage, StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 500;
/** Of a contract list: labels of persons. */
const isText = (value: unknown): value is string => typeof value === 'string';

export class ErasureDesk {
  private readonly services: NodeServices;
  private after = -1;
  /** Not on the main branch when looked at, or met by an error: looked at again at each turn. */
  private open = new Map<Hash, StoredMessage>();

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Takes in what was recorded since the last turn. Gives how many erasures were carried out (anew). */
  async catchUp(): Promise<number> {
    const { store } = this.services;
    let done = await this.work([...this.open.values()]);
    for (;;) {
      const page = await store.readNamed('personal-data-erased', this.after, PAGE);
      if (page.length === 0) return done;
      for (const stored of page) this.open.set(stored.hash, stored);
      this.after = page.at(-1)?.logIndex ?? this.after;
      done += await this.work(page);
    }
  }

  private async work(events: readonly StoredMessage[]): Promise<number> {
    let done = 0;
    await eachAlone(this.services, events, {
      work: async (stored) => {
        if (!(await this.erase(openStored(stored)))) return;
        this.open.delete(stored.hash);
        done += 1;
      },
      name: ({ hash }) => hash,
    });
    return done;
  }

  /** False: not on the main branch (now). */
  private async erase(event: SealedMessage): Promise<boolean> {
    const { store, vault, node } = this.services;
    const subject = event.message.subject as Subject;
    const head = await store.findHead(subject);
    if (!head || head.superseded.includes(event.hash)) return false;
    const named: unknown = event.message.data['subjects'];
    const subjects = Array.isArray(named) ? named.filter(isText) : [];
    if (subjects.length > 0) await vault.erase(subject, subjects);
    const told = (await vault.findErased(event.hash)).some((confirmed) => confirmed.node === node);
    if (!told) await this.tell(head, { event: event.hash, subjects });
    return true;
  }

  private async tell(head: StreamHead, data: { event: Hash; subjects: readonly string[] }): Promise<void> {
    const { services } = this;
    const at = services.clock.now();
    const holders = new Set<NodeId>([
      ...recipients(head.parties, head.hand, services.directory(), at).keys(),
      ...head.receivers,
    ]);
    holders.delete(services.node);
    for (const holder of holders)
      await sendExchange(services, holder, 'erased', { ...data, subjects: [...data.subjects] });
    await services.vault.recordErased(data.event, { node: services.node, confirmedAt: at });
  }
}
