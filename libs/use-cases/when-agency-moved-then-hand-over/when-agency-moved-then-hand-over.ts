/**
 * An agency that this node has served is served by another one now (design 2): that node is owed what is the agency's, and
 * later mail is passed on.
 *
 * States of a move here, kept as the position of the follower `moved/<agency>/<node>`: −1, nothing handed over yet → the log
 * index up to which everything is owed, which then follows the log for as long as the agency stays away. A move is done again
 * from the start after a crash on the way, and two processes may do the same: a message is numbered once for a receiver.
 *
 * Promises: every stream to which the agency is party, or which is on its way to it, is owed whole and in order, with the
 * openings of its duties; so are its commands that are still remembered, with their outcomes, and those without an outcome are
 * the new node's to bring to an end; whatever comes here later is owed too. The lines bring what is owed. Proved by
 * `when-agency-moved-then-hand-over.int.spec.ts`.
 */
import { movesFrom, type Move } from '#libs/directory';
import { eachAlone } from '../each-alone.ts';
import type { NodeServices } from '../node-services.ts';
import { handOverAll } from './hand-over.ts';
import { passOnMail } from './later-mail.ts';

const PAGE = 500;

export class MoveDesk {
  private readonly services: NodeServices;

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Owes what is new in the log since the last turn to the nodes of agencies that have moved away. Gives how many have. */
  async catchUp(): Promise<number> {
    const { services } = this;
    const moves = movesFrom(services.directory(), services.node, services.clock.now());
    await eachAlone(services, moves, { work: (move) => this.follow(move), name: ({ agency }) => agency });
    return moves.length;
  }

  private async follow(move: Move): Promise<void> {
    const { services } = this;
    const { store } = services;
    const follower = `moved/${move.agency}/${move.to}`;
    let after = await store.findPosition(follower);
    if (after < 0) {
      after = (await store.logSize()).size - 1;
      await handOverAll(services, move);
      await store.savePosition(follower, after);
      services.bell.ring();
    }
    for (;;) {
      const page = await store.readLog(after, PAGE);
      const last = page.at(-1);
      if (!last) return;
      await passOnMail(services, move, page);
      after = last.logIndex;
      await store.savePosition(follower, after);
    }
  }
}
