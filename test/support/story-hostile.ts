/**
 * A hostile peer: it has the broker login and the keys of one node, and writes what it likes into the mailbox of another.
 * Nothing of the product makes these records for it but the signing of what it may sign.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { workClock } from '#libs/config';
import { recordKeyOf, sealMessage } from '#libs/exchange';
import { createIds, openKeyCustody, sha256 } from '#libs/key-custody';
import {
  agencySource,
  formatStreamSeq,
  schemaOf,
  typeOf,
  type AgencyCode,
  type JsonObject,
  type NodeId,
  type SealedMessage,
} from '#libs/kernel';
import { mailboxTopic, openSender } from '#libs/messaging-kafka';
import type { MailboxSender, OutgoingRecord } from '#libs/use-cases';
import type { Story } from './story.ts';

const ids = createIds();

export interface SignedWanted {
  readonly agency: string;
  readonly subject: string;
  /** Name of the event; need be none that anybody knows. */
  readonly name: string;
  readonly place: number;
  readonly prevhash?: string;
  readonly data?: JsonObject;
  /** Agency whose key signs in place of the one it claims to be. */
  readonly signedBy?: string;
}

/** Under the broker login of this node. */
export function openThief(story: Story, node: NodeId): MailboxSender {
  const { brokers, nodes } = story.stack.record;
  const login = nodes.find((one) => one.node === node)?.kafka;
  if (!login) throw new Error(`${node} has no login`);
  return openSender({ connection: { brokers, clientId: 'thief', sasl: login } });
}

/** An event under the keys that lie in the folder of `keysOf`. */
export function signedEvent(story: Story, keysOf: NodeId, wanted: SignedWanted): SealedMessage {
  const { agency, subject, name, place, prevhash, data = {}, signedBy = agency } = wanted;
  const clock = workClock(story.clock, Date.now);
  const custody = openKeyCustody(story.stack.folder.keysOf(keysOf), clock);
  const key = custody.signingKey(signedBy);
  const now = clock.now();
  return sealMessage(
    {
      specversion: '1.0',
      profile: 'lt1',
      id: ids.uuid7(),
      source: agencySource(agency as AgencyCode),
      type: typeOf('dossier', name),
      subject,
      streamseq: formatStreamSeq(place),
      ...(prevhash === undefined ? {} : { prevhash }),
      time: now,
      recordedtime: now,
      datacontenttype: 'application/json',
      dataschema: schemaOf('dossier', name),
      correlationid: ids.uuid7(),
      authtype: 'user',
      authid: 'officer-7',
      keyid: signedBy === agency ? key.keyId : `${agency}#${key.keyId.split('#')[1] ?? ''}`,
      data,
    },
    (bytes) => key.sign(bytes),
    sha256,
  );
}

export const recordOf = ({ message, bytes }: SealedMessage): OutgoingRecord => ({
  key: recordKeyOf(message.subject),
  value: bytes,
});
export const garbage = (size: number): OutgoingRecord => ({ key: randomUUID(), value: randomBytes(size) });
export const mail = (thief: MailboxSender, node: NodeId, records: readonly OutgoingRecord[]): Promise<void> =>
  thief.send(mailboxTopic(node), records);
export const strangeHash = (): string => randomBytes(32).toString('base64url');
