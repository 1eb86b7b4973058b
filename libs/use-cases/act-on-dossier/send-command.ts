/** A command for a dossier in another hand: signed by the agency that asks, recorded here, and on its way by the outbox. */
import type { DossierCommand } from '#libs/dossier';
import type { CommandRoute } from '#libs/exchange';
import {
  agencySource,
  DomainError,
  instantToMs,
  laterOf,
  msToInstant,
  schemaOf,
  typeOf,
  type JsonObject,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import { originMembers, sealCommitted } from '../write-events/write-events.ts';
import type { Act } from './act.ts';
import { answerBefore, type Acted } from './answer.ts';
import { idFor } from './came-back.ts';
import { getRepeated, rememberedAs } from './same-request.ts';

/** Wire format 2: at most 30 days. A week leaves time for a link that is down over the holidays. */
const EXPIRES_AFTER_MS = 7 * 86_400_000;

export async function sendCommand(
  services: NodeServices,
  act: Act,
  { command, route }: { command: DossierCommand; route: CommandRoute },
): Promise<Acted> {
  const now = services.clock.now();
  const time = act.occurredAt ?? now;
  if (time > now) throw new DomainError('TIME_IN_FUTURE', 'the time lies in the future', { time });
  const recordedtime = laterOf(now, time);
  const { sealed, disclosures } = sealCommitted(
    services,
    {
      specversion: '1.0',
      profile: 'lt1',
      id: idFor(services, act),
      source: agencySource(act.agency),
      type: typeOf('command', act.command),
      subject: act.subject,
      time,
      recordedtime,
      expirytime: msToInstant(instantToMs(recordedtime) + EXPIRES_AFTER_MS),
      datacontenttype: 'application/json',
      dataschema: schemaOf('command', act.command, 1, services.contracts.latestMinor('command', act.command, 1)),
      ...originMembers({ correlationId: act.correlationId }),
      ...act.actor,
    },
    act.agency,
    { kind: 'command', name: act.command, data: command.data as unknown as JsonObject },
  );
  await services.vault.put(disclosures);
  const openings =
    disclosures.length > 0 ? { openings: [{ event: sealed.hash, pointers: 'all' as const, purpose: 'command' }] } : {};
  const verdict = await services.store.append({
    messages: [{ sealed, effect: 'extends' }],
    streams: [],
    deliveries: route.node === services.node ? [] : [{ receiver: route.node, message: sealed.hash, ...openings }],
    ...rememberedAs(services, act, { command: sealed.hash }),
  });
  services.bell.ring();
  if (verdict.kind === 'appended') return { kind: 'sent', command: sealed.hash, subject: act.subject };
  if (verdict.kind === 'repeat' && verdict.answer !== undefined) return answerBefore(act, verdict.answer);
  if (verdict.kind === 'key-reused') return getRepeated(services, act);
  throw new DomainError('INTERNAL', 'the command could not be recorded');
}
