import { DomainError } from '#libs/kernel';
import type { LoadedDossier } from '../decide/load-dossier.ts';
import type { NodeServices } from '../node-services.ts';
import type { StreamHead } from '../ports/index.ts';
import type { PlannedUnit } from '../write-events/write-events.ts';
import type { Act } from './act.ts';
import { answerBefore, answerOf, type Acted } from './answer.ts';
import { headOf } from './plan-on.ts';
import { getRepeated, rememberedAs } from './same-request.ts';

/** Vault first, then the ledger. Undefined: somebody else was quicker, to be decided again. */
export async function commitPlanned(
  services: NodeServices,
  act: Act,
  { loaded, planned }: { loaded: LoadedDossier; planned: PlannedUnit },
): Promise<Acted | undefined> {
  const head = headOf(planned.unit, loaded);
  await services.vault.put(planned.disclosures);
  const after = foldedAfter(services, loaded, { head, planned });
  const answer = answerOf(after, planned.events);
  const verdict = await services.store.append({ ...planned.unit, ...rememberedAs(services, act, answer) });
  switch (verdict.kind) {
    case 'appended':
      if (planned.unit.messages.every(({ effect }) => effect === 'extends')) services.shelf.keep(after);
      services.bell.ring();
      return { kind: 'answered', answer, repeated: false };
    case 'repeat':
      return verdict.answer === undefined
        ? { kind: 'answered', answer, repeated: true }
        : answerBefore(act, verdict.answer);
    case 'conflict':
      return undefined;
    case 'key-reused':
      return getRepeated(services, act);
    case 'id-reused':
      throw new DomainError('INTERNAL', 'a fresh message id was known already');
  }
}

function foldedAfter(
  services: NodeServices,
  loaded: LoadedDossier,
  { head, planned }: { head: StreamHead; planned: PlannedUnit },
): LoadedDossier {
  const after = services.shelf.after(loaded, head, planned.events);
  if (after.parked && !loaded.parked)
    throw new DomainError('INTERNAL', 'a decided event is not understood by the fold', { event: after.parked.event });
  return after;
}
