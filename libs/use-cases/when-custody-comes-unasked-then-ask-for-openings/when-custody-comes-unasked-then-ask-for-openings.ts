/**
 * A `rehomed` makes an agency custodian without its answer, and the rehomer, a superior, has no openings to send; a
 * `custody-declined` gives the right back, and the openings that say why may get lost on the way (design 4, wire format 4).
 * So the custodian's node asks the likely holders for what it lacks until it has everything. From the start of the log at
 * every start of a process. Proved by `when-custody-comes-unasked-then-ask-for-openings.int.spec.ts`.
 */
import { agencySource, agencyInHand, type Subject } from '#libs/kernel';
import { OpeningsWatch } from '../decide/openings-watch.ts';
import { eachAlone } from '../each-alone.ts';
import type { NodeServices } from '../node-services.ts';
import { UnaskedCustody } from './unasked-custody.ts';

export class CustodyDesk {
  private readonly services: NodeServices;
  private readonly watch: OpeningsWatch;
  private readonly custody: UnaskedCustody;

  constructor(services: NodeServices) {
    this.services = services;
    this.watch = new OpeningsWatch(services);
    this.custody = new UnaskedCustody(services);
  }

  /** Gives how many dossiers still lack openings. */
  async catchUp(): Promise<number> {
    let lacking = 0;
    await eachAlone(this.services, await this.custody.dossiers(), {
      work: async (subject) => {
        if (await this.askFor(subject)) lacking += 1;
        else this.watch.forget(subject);
      },
      name: (subject) => subject,
    });
    return lacking;
  }

  private async askFor(subject: Subject): Promise<boolean> {
    const unreadable = await this.custody.findUnreadable(subject);
    if (!unreadable) return false;
    const { head, events } = unreadable;
    const [first] = head.parties;
    const source = agencySource(first ?? agencyInHand(head.hand as NonNullable<typeof head.hand>));
    await this.watch.note({ key: subject, subject, events, source, head, purpose: 'custody' });
    return true;
  }
}
