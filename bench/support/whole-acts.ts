import { encodeUtf8, type Subject } from '#libs/kernel';
import { actOnDossier, type NodeServices } from '#libs/use-cases';
import { someId, someSubject } from '../../libs/testing/builders.ts';
import { actFor } from '../../libs/testing/test-acts.ts';
import { COMMANDS } from './model-dossier.ts';
import type { Caller, Contender } from './rounds.ts';

/** Commands as the door gives them to the use case, each under an idempotency key of its own. */
export const wholeActs = (services: NodeServices): Contender => ({
  name: 'whole',
  callers: (count) => {
    const acts = COMMANDS.map((command) => {
      const act = actFor(command, someSubject());
      return { ...act, request: encodeUtf8(JSON.stringify(['POST', `/v1/${command}`, '', act.data])) };
    });
    return Array.from({ length: count }, (): Caller => {
      let subject: Subject = someSubject();
      let at = 0;
      return async () => {
        if (at === acts.length) [subject, at] = [someSubject(), 0];
        const { request, ...act } = acts[at++] as (typeof acts)[number];
        const acted = await actOnDossier(services, {
          ...act,
          subject,
          idempotency: { client: 'bench', key: someId(), request },
        });
        if (acted.kind !== 'answered') throw new Error(`${act.command}: ${acted.kind}`);
      };
    });
  },
});
