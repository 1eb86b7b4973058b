/**
 * A `rehomed` makes an agency custodian without its answer, and the rehomer, a superior, has no openings to send (design 4,
 * wire format 4). So the new custodian's node asks the likely holders for what it lacks until it has everything. From the
 * start of the log at every start of a process; what is complete, or has gone elsewhere, is forgotten. Proved by
 * `when-dossier-rehomed-then-ask-for-openings.int.spec.ts`.
 */
import { nodeOf } from '#libs/directory';
import { agencySource, type Subject } from '#libs/kernel';
import { missingOpenings } from '../decide/missing-openings.ts';
import { OpeningsWatch } from '../decide/openings-watch.ts';
import type { NodeServices } from '../node-services.ts';
import { eachAlone } from '../each-alone.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 500;

export class RehomedDesk {
  private readonly services: NodeServices;
  private readonly watch: OpeningsWatch;
  private after = -1;
  private readonly lacking = new Set<Subject>();

  constructor(services: NodeServices) {
    this.services = services;
    this.watch = new OpeningsWatch(services);
  }

  /** Gives how many dossiers still lack openings. */
  async catchUp(): Promise<number> {
    await this.readOn();
    await eachAlone(this.services, [...this.lacking], {
      work: async (subject) => {
        if (await this.askFor(subject)) return;
        this.lacking.delete(subject);
        this.watch.forget(subject);
      },
      name: (subject) => subject,
    });
    return this.lacking.size;
  }

  private async readOn(): Promise<void> {
    for (;;) {
      const page = await this.services.store.readNamed('rehomed', this.after, PAGE);
      for (const stored of page) this.lacking.add(openStored(stored).message.subject as Subject);
      this.after = page.at(-1)?.logIndex ?? this.after;
      if (page.length < PAGE) return;
    }
  }

  /** False: nothing is missing, or the dossier is not in the hand of an agency of this node. */
  private async askFor(subject: Subject): Promise<boolean> {
    const { services } = this;
    const head = await services.store.findHead(subject);
    const { hand } = head ?? {};
    if (!head || hand?.kind !== 'held') return false;
    if (nodeOf(services.directory(), hand.custodian, services.clock.now()) !== services.node) return false;
    const loaded = await services.shelf.load(subject);
    const missing = await missingOpenings(services, loaded);
    if (missing.length === 0) return false;
    const [first] = head.parties;
    const source = agencySource(first ?? hand.custodian);
    await this.watch.note({ key: subject, subject, events: missing, source, head, purpose: 'custody' });
    return true;
  }
}
