/** The decision on a command from elsewhere, as one unit with its answer. */
import type { DossierCommand } from '#libs/dossier';
import type { Instant, JsonObject } from '#libs/kernel';
import { planOn, type PlannedFacts } from '../act-on-dossier/plan-on.ts';
import { decideNumbered } from '../decide/decide-numbered.ts';
import { openData, type Ask } from '../decide/decision-context.ts';
import type { NodeServices } from '../node-services.ts';
import { acceptedUnit, refuse, refusedUnit, settle } from './outcomes.ts';
import type { CommandFate, Placed, RecordedCommand } from './recorded-command.ts';

export async function decideCommand(
  services: NodeServices,
  command: RecordedCommand,
  { loaded, route }: Placed,
): Promise<CommandFate> {
  const { message, hash } = command.sealed;
  const data = await openData(services, command.sealed);
  const faults = services.contracts.validateOpen('command', command.name, 1, data);
  const writer = route.agency;
  if (faults.length > 0) {
    const fault = faults.map(({ pointer, message: text }) => `${pointer} ${text}`).join('; ');
    return refuse(services, command, { code: 'INVALID', details: { fault }, writer });
  }
  const ask = askOf(command, data, writer);
  const decision = await decideNumbered(services, loaded, ask, { numbers: {}, mayTake: true });
  if ('refused' in decision) return settle(services, refusedUnit(services, command, { writer, ...decision.refused }));
  const planned = await planOn(services, loaded, {
    writer,
    facts: decision.events as unknown as PlannedFacts,
    occurredAt: ask.occurredAt,
    actor: { authtype: 'system', authid: 'commands' },
    origin: { correlationId: message.correlationid as never, cause: { id: message.id, hash } },
  });
  await services.vault.put(planned.disclosures);
  const outcome = acceptedUnit(services, command, { writer, events: planned.events.map((event) => event.hash) });
  return settle(services, {
    ...planned.unit,
    messages: [...planned.unit.messages, ...outcome.messages],
    deliveries: [...planned.unit.deliveries, ...outcome.deliveries],
    ...(outcome.idempotency ? { idempotency: outcome.idempotency } : {}),
  });
}

const askOf = (
  { name, requester, sealed: { message } }: RecordedCommand,
  data: JsonObject,
  writer: Ask['writer'],
): Ask => ({
  command: { type: name, data } as unknown as DossierCommand,
  requester,
  writer,
  occurredAt: message.time as Instant,
  statedAt: message.recordedtime as Instant,
  ...(message.expirytime === undefined ? {} : { expiresAt: message.expirytime as Instant }),
});
