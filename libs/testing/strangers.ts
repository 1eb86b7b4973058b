/** Messages in quarantine: events of an agency under a key that the directory states later, or never. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { sealMessage } from '#libs/exchange';
import { createIds, sha256 } from '#libs/key-custody';
import {
  agencySource,
  schemaOf,
  splitSubject,
  typeOf,
  type AgencyCode,
  type JsonObject,
  type SealedMessage,
} from '#libs/kernel';
import { ingestBatch, mailboxOf } from '#libs/use-cases';
import { newDossier } from './test-acts.ts';
import type { TestNode } from './test-node.ts';

const ids = createIds();

export class Stranger {
  readonly agency: AgencyCode;
  private readonly label: string;
  private readonly privateKey: KeyObject;
  private readonly publicKey: string;

  constructor(label: string, agency = 'H26.129') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.agency = agency as AgencyCode;
    this.label = label;
    this.privateKey = privateKey;
    this.publicKey = publicKey.export({ format: 'jwk' }).x ?? '';
  }

  /** The first event of a dossier of its own. */
  files(members: Readonly<Record<string, string>> = {}): SealedMessage {
    return sealMessage(
      {
        specversion: '1.0',
        profile: 'lt1',
        id: ids.uuid7(),
        source: agencySource(this.agency),
        type: typeOf('dossier', 'received'),
        subject: newDossier(this.agency),
        streamseq: '0000000001',
        time: '2023-06-14T02:00:00.000Z',
        recordedtime: '2023-06-14T02:00:00.000Z',
        datacontenttype: 'application/json',
        dataschema: schemaOf('dossier', 'received'),
        correlationid: '01890b2c-6a3b-7c11-8f3e-0242ac120001',
        authtype: 'user',
        authid: 'officer-1',
        keyid: `${this.agency}#${this.label}`,
        data: { receivingAgency: this.agency },
        ...members,
      },
      (bytes) => sign(null, bytes, this.privateKey),
      sha256,
    );
  }

  /** Its key is stated in the directory: what it signed can be believed. */
  async becomesKnown({ world, reports }: TestNode, key: JsonObject = {}): Promise<void> {
    const before = reports.length;
    const stated = world.registrar.last(this.agency);
    const added = { label: this.label, alg: 'Ed25519', publicKey: this.publicKey, validFrom: '2023-01-01', ...key };
    const keys = [...((stated['keys'] ?? []) as readonly JsonObject[]), added];
    await world.publish(world.registrar.state('agency', { ...stated, keys }));
    const told = reports.slice(before).filter(({ code }) => code.startsWith('DIRECTORY_'));
    if (told.length > 0) throw new Error(`the statement was not taken: ${JSON.stringify(told)}`);
  }
}

/** What arrives in the node's mailbox, judged there. */
export async function arrive(
  node: TestNode,
  ...messages: readonly Pick<SealedMessage, 'message' | 'bytes'>[]
): Promise<void> {
  const mailbox = mailboxOf(node.node);
  for (const { message, bytes } of messages)
    node.world.broker.put(mailbox, { key: splitSubject(message.subject).name, value: bytes });
  for (let batch = node.world.broker.take(mailbox); batch; batch = node.world.broker.take(mailbox))
    await ingestBatch(node.services, batch);
}

/** Its signature is another's, so nobody can believe it, ever. */
export const forged = (sealed: SealedMessage, other: SealedMessage): Pick<SealedMessage, 'message' | 'bytes'> => ({
  message: sealed.message,
  bytes: Buffer.from(
    Buffer.from(sealed.bytes)
      .toString('utf8')
      .replace(`"signature":"${signatureOf(sealed)}"`, `"signature":"${signatureOf(other)}"`),
  ),
});
const signatureOf = ({ bytes }: SealedMessage): string =>
  (JSON.parse(Buffer.from(bytes).toString('utf8')) as { signature: string }).signature;
