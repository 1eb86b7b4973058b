/** What desks of agencies do in integration specs: commands with the contracts' examples as data, entered at their node. */
import { createHash, randomUUID } from 'node:crypto';
import { findContract } from '#libs/contracts';
import { ROLES, type DossierCommandName } from '#libs/dossier';
import { splitType, type AgencyCode, type Instant, type JsonObject, type Subject, type Uuid } from '#libs/kernel';
import { actOnDossier, awaitOutcome, openStored, type Act, type Acted, type OutcomeRead } from '#libs/use-cases';
import type { TestNode, TestWorld } from './test-node.ts';

export interface ActWanted {
  /** Members beside those of the contract's example; `undefined` takes one away. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly agency?: string;
  readonly more?: Partial<Act>;
}

export const newDossier = (agency = 'H26.129.05'): Subject => `dossier/${agency}/${randomUUID()}` as Subject;

/** The node that serves the agency in the test's world. */
export function nodeAt(world: TestWorld, agency: string): TestNode {
  const found = world.nodes.find(({ agencies }) => agencies.includes(agency as AgencyCode));
  if (!found) throw new Error(`no node of the test serves ${agency}`);
  return found;
}

export function actFor(command: DossierCommandName, subject: Subject, wanted: ActWanted = {}): Act {
  const agency = (wanted.agency ?? 'H26.129.05') as AgencyCode;
  const data = { ...findContract('command', command, 1)?.example, ...wanted.data };
  return {
    command,
    subject,
    agency,
    data: JSON.parse(JSON.stringify(data)) as JsonObject,
    roles: ROLES,
    actor: { authtype: 'user', authid: 'officer-7' },
    correlationId: randomUUID() as Uuid,
    ...wanted.more,
  };
}

/** A command entered at the node of the agency that asks. */
export const act = (
  world: TestWorld,
  command: DossierCommandName,
  subject: Subject,
  wanted: ActWanted = {},
): Promise<Acted> =>
  actOnDossier(nodeAt(world, wanted.agency ?? 'H26.129.05').services, actFor(command, subject, wanted));

/** Acts in order of time, all accepted where they were entered. */
export async function acts(
  world: TestWorld,
  subject: Subject,
  ...steps: readonly [DossierCommandName, ActWanted?][]
): Promise<void> {
  for (const [command, wanted] of steps) {
    world.clock.advance(60_000);
    const acted = await act(world, command, subject, wanted);
    if (acted.kind !== 'answered') throw new Error(`${command}: ${JSON.stringify(acted)}`);
  }
}

/** A command that leaves the node: its outcome as this node has it now. */
export async function outcomeOf(world: TestWorld, agency: string, acted: Acted): Promise<OutcomeRead> {
  if (acted.kind !== 'sent') throw new Error(`not sent: ${JSON.stringify(acted)}`);
  const { services } = nodeAt(world, agency);
  return awaitOutcome(services, acted.command, { subject: acted.subject as Subject, waitMs: 0, nowMs: () => 0 });
}

export const laterThan = (instant: Instant, ms: number): Instant =>
  new Date(Date.parse(instant) + ms).toISOString() as Instant;

/** What a node holds of the main branch, by place: a digest of the stored bytes, signature included. */
export async function historyAt({ services }: TestNode, subject: Subject): Promise<readonly string[]> {
  const main = await services.store.readStream(subject, 'main');
  return main.map(({ bytes }) => createHash('sha256').update(bytes).digest('base64url'));
}

/** Names of the events on the main branch as a node holds it. */
export async function namesAt({ services }: TestNode, subject: Subject): Promise<readonly string[]> {
  const main = await services.store.readStream(subject, 'main');
  return main.map((stored) => splitType(openStored(stored).message.type)?.name ?? '');
}
