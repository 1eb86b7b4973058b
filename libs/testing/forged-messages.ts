/** Messages that a node of the test did not make by a use case: signed with its real keys, wrong where the test wants it. */
import { findContract } from '#libs/contracts';
import { commitPersonal, recordKeyOf, sealMessage } from '#libs/exchange';
import {
  agencySource,
  formatStreamSeq,
  schemaOf,
  splitSubject,
  typeOf,
  type AgencyCode,
  type JsonObject,
  type SealedMessage,
  type Subject,
  type UnsignedMessage,
} from '#libs/kernel';
import { mailboxOf, type OutgoingRecord, type StoredDisclosure } from '#libs/use-cases';
import type { TestNode } from './test-node.ts';

export interface ForgedWanted {
  readonly subject: Subject;
  /** Event name, or command name with `kind` `command`. */
  readonly name: string;
  readonly kind?: string;
  readonly agency?: string;
  /** The event before it. */
  readonly after?: SealedMessage;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly members?: Partial<UnsignedMessage>;
  /** Whose key signs; absent: the agency's. */
  readonly owner?: string;
}
export interface Forged {
  readonly sealed: SealedMessage;
  readonly disclosures: readonly StoredDisclosure[];
}

/** With the contract's example as data, personal values committed. */
export function forge({ services, clock }: TestNode, wanted: ForgedWanted): Forged {
  const { subject, name, kind = splitSubject(subject).kind, agency = 'H26.129.05', after, members } = wanted;
  const key = services.keys.signingKey(wanted.owner ?? agency);
  const open = { ...findContract(kind, name, 1)?.example, ...wanted.data };
  const { data, disclosures } = commitPersonal(
    JSON.parse(JSON.stringify(open)) as JsonObject,
    services.contracts.personalPointers(kind, name, 1),
    () => services.ids.randomBytes(32),
    services.sha256,
  );
  const now = clock.now();
  const place = kind === 'command' || kind === 'outcome' || kind === 'exchange' ? {} : placeAfter(after);
  const unsigned = {
    specversion: '1.0' as const,
    profile: 'lt1' as const,
    id: services.ids.uuid7(),
    source: agencySource(agency as AgencyCode),
    type: typeOf(kind, name),
    subject,
    ...place,
    time: now,
    recordedtime: now,
    datacontenttype: 'application/json' as const,
    dataschema: schemaOf(kind, name),
    correlationid: services.ids.uuid7(),
    authtype: 'user' as const,
    authid: 'officer-7',
    keyid: key.keyId,
    data,
    ...members,
  };
  const sealed = sealMessage(unsigned, (bytes) => key.sign(bytes), services.sha256);
  return { sealed, disclosures: disclosures.map((one) => ({ ...one, stream: subject, event: sealed.hash })) };
}

const placeAfter = (after: SealedMessage | undefined): Partial<UnsignedMessage> => ({
  streamseq: formatStreamSeq(Number(after?.message.streamseq ?? 0) + 1),
  ...(after ? { prevhash: after.hash } : {}),
});

export const recordWith = (
  sealed: Pick<SealedMessage, 'message' | 'bytes'>,
  more: Partial<OutgoingRecord> = {},
): OutgoingRecord => ({ key: recordKeyOf(sealed.message.subject), value: sealed.bytes, ...more });

/** Whoever may write to the mailbox puts a record there. */
export const mail = ({ world, node }: TestNode, ...records: readonly OutgoingRecord[]): void =>
  world.broker.put(mailboxOf(node), ...records);
