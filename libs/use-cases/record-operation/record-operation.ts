/**
 * What people do at a node beside deciding on dossiers (design 3): events of the stream `operation/<node>/<agency>/<month>`,
 * stated and signed by the node, in the same ledger and under the same proofs as the dossiers, sent to nobody.
 */
import { headAfter, type HeadFields } from '#libs/exchange';
import {
  DomainError,
  formatStreamSeq,
  laterOf,
  localDateOf,
  nodeSource,
  schemaOf,
  typeOf,
  type AgencyCode,
  type Instant,
  type NodeId,
  type SealedMessage,
  type Subject,
  type Uuid,
} from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';
import type { StoredDisclosure } from '../ports/index.ts';
import {
  originMembers,
  sealCommitted,
  type Actor,
  type Fact,
  type Origin,
  type PlannedUnit,
} from '../write-events/write-events.ts';

export interface Operation {
  /** The agency that the person acts for; the node, where none is known. */
  readonly agency: AgencyCode | NodeId;
  readonly actor: Actor;
  readonly correlationId: Uuid;
  readonly facts: readonly Fact[];
  /** The act that this one follows from. */
  readonly cause?: Origin['cause'];
}

const ATTEMPTS = 20;
const KIND = 'operation';

/** The stream of a month in Viet Nam. */
export const operationSubject = (node: NodeId, agency: AgencyCode | NodeId, at: Instant): Subject =>
  `${KIND}/${node}/${agency}/${localDateOf(at).slice(0, 7)}` as Subject;

/** Durable when it resolves, notes in the vault first. Throws `INVALID`, `CONTENDED`. */
export async function recordOperation(services: NodeServices, operation: Operation): Promise<readonly SealedMessage[]> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const planned = await planOperation(services, operation);
    await services.vault.put(planned.disclosures);
    const verdict = await services.store.append(planned.unit);
    if (verdict.kind === 'conflict') continue;
    if (verdict.kind !== 'appended')
      throw new DomainError('INTERNAL', 'an operation was not recorded', { verdict: verdict.kind });
    return planned.events;
  }
  throw new DomainError('CONTENDED', 'too many operations at once', { retryAfterSeconds: 1 });
}

/** The events sealed, nothing written yet: for acts that go to the ledger with something else. Throws `INVALID`. */
export async function planOperation(
  services: NodeServices,
  { agency, actor, correlationId, facts, cause }: Operation,
): Promise<PlannedUnit> {
  for (const fact of facts) checkFact(services, fact);
  const now = services.clock.now();
  const subject = operationSubject(services.node, agency, now);
  const before = await services.store.findHead(subject);
  const origin = { correlationId, ...(cause ? { cause } : {}) };
  const events: SealedMessage[] = [];
  const disclosures: StoredDisclosure[] = [];
  let head: HeadFields | undefined = before;
  for (const fact of facts) {
    const { sealed, disclosures: opened } = sealFact(services, { subject, now, head, actor, origin }, fact);
    head = headAfter(head, sealed, services.directory());
    events.push(sealed);
    disclosures.push(...opened);
  }
  return {
    events,
    disclosures,
    unit: {
      messages: events.map((sealed) => ({ sealed, effect: 'extends' as const })),
      streams: [{ subject, expectedRevision: before?.revision ?? 0, head: headIn(head) }],
      deliveries: [],
    },
  };
}

function headIn(head: HeadFields | undefined): HeadFields {
  if (!head) throw new DomainError('INTERNAL', 'an operation without facts');
  return head;
}

function checkFact(services: NodeServices, { type, data }: Fact): void {
  const faults = services.contracts.validateOpen(KIND, type, 1, data);
  if (faults.length === 0) return;
  throw new DomainError('INVALID', 'an operation does not fit its contract', {
    fault: faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; '),
    faults,
  });
}

interface Setting {
  readonly subject: Subject;
  readonly now: Instant;
  readonly head: HeadFields | undefined;
  readonly actor: Actor;
  readonly origin: Origin;
}

function sealFact(services: NodeServices, setting: Setting, { type, data }: Fact): ReturnType<typeof sealCommitted> {
  const { subject, now, head, actor, origin } = setting;
  return sealCommitted(
    services,
    {
      specversion: '1.0',
      profile: 'lt1',
      id: services.ids.uuid7(),
      source: nodeSource(services.node),
      type: typeOf(KIND, type),
      subject,
      streamseq: formatStreamSeq((head?.streamseq ?? 0) + 1),
      ...(head ? { prevhash: head.hash } : {}),
      time: now,
      recordedtime: laterOf(now, head?.recordedtime ?? now),
      datacontenttype: 'application/json',
      dataschema: schemaOf(KIND, type, 1, services.contracts.latestMinor(KIND, type, 1)),
      ...originMembers(origin),
      ...actor,
    },
    services.node,
    { kind: KIND, name: type, data },
  );
}
