/**
 * Dossiers whose custody came to an agency without its answer (`rehomed`, and `custody-declined`, which gives the right back),
 * read from the start of the log on. What is complete, or has gone elsewhere, is forgotten: whatever brings a dossier back
 * stands later in the log.
 */
import { nodeOf } from '#libs/directory';
import type { Hash, Subject } from '#libs/kernel';
import { missingOpenings } from '../decide/missing-openings.ts';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 500;
const UNASKED = ['rehomed', 'custody-declined'] as const;

export interface Unreadable {
  readonly head: StreamHead;
  /** Events of the main branch with an opening that is not here. */
  readonly events: readonly Hash[];
}

export class UnaskedCustody {
  private readonly services: NodeServices;
  private readonly after = new Map<string, number>();
  private readonly known = new Set<Subject>();

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Those that may lack something, when what is new in the log has been read. */
  async dossiers(): Promise<readonly Subject[]> {
    for (const name of UNASKED) await this.readOn(name);
    return [...this.known];
  }

  /** Undefined: nothing is missing, or it is not in the hand of an agency of this node; it is forgotten then. */
  async findUnreadable(subject: Subject): Promise<Unreadable | undefined> {
    const unreadable = await this.look(subject);
    if (!unreadable) this.forget(subject);
    return unreadable;
  }

  /** Nothing is missing any more, or it has gone elsewhere. */
  forget(subject: Subject): void {
    this.known.delete(subject);
  }

  private async readOn(name: (typeof UNASKED)[number]): Promise<void> {
    for (;;) {
      const after = this.after.get(name) ?? -1;
      const page = await this.services.store.readNamed(name, after, PAGE);
      for (const stored of page) this.known.add(openStored(stored).message.subject as Subject);
      this.after.set(name, page.at(-1)?.logIndex ?? after);
      if (page.length < PAGE) return;
    }
  }

  private async look(subject: Subject): Promise<Unreadable | undefined> {
    const { services } = this;
    const head = await services.store.findHead(subject);
    const { hand } = head ?? {};
    if (!head || hand?.kind !== 'held') return undefined;
    if (nodeOf(services.directory(), hand.custodian, services.clock.now()) !== services.node) return undefined;
    const events = await missingOpenings(services, await services.shelf.load(subject));
    return events.length === 0 ? undefined : { head, events };
  }
}
