/** Messages for tests of what stores and carries them: whole in form, signed by nobody. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Hash, Message, MessageClass, NodeId, SealedMessage, Subject } from '#libs/kernel';
import { formatStreamSeq } from '#libs/kernel';

export const someHash = (): Hash => randomBytes(32).toString('base64url') as Hash;
export const someNode = (): NodeId => `node-${randomBytes(4).toString('hex')}` as NodeId;
export const someSubject = (): Subject => `dossier/H26.129.05/${randomUUID()}` as Subject;

const SIGNATURE = Buffer.alloc(64, 7).toString('base64url');

/** A UUID of version 7; later ones are greater. */
export function someId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const [a, b] = [randomBytes(2).toString('hex').slice(1), randomBytes(8).toString('hex')];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-8${b.slice(1, 4)}-${b.slice(4)}`;
}

/** Hash of the bytes without signature; they are JSON, not JCS. */
export function seal(message: Omit<Message, 'signature'>, of: MessageClass, signature = SIGNATURE): SealedMessage {
  const hash = createHash('sha256').update(JSON.stringify(message)).digest('base64url') as Hash;
  const whole: Message = { ...message, signature };
  return { class: of, message: whole, bytes: Buffer.from(JSON.stringify(whole)), hash };
}

type Members = Partial<Omit<Message, 'signature'>>;

function members(kind: string, name: string, subject: string): Omit<Message, 'signature'> {
  const now = new Date().toISOString();
  return {
    specversion: '1.0',
    profile: 'lt1',
    id: someId(),
    source: 'urn:lienthong:agency:H26.129.05',
    type: `vn.lienthong.${kind}.${name}.v1`,
    subject,
    time: now,
    recordedtime: now,
    datacontenttype: 'application/json',
    dataschema: `urn:lienthong:schema:${kind}.${name}:1.0`,
    correlationid: randomUUID(),
    authtype: 'service_account',
    authid: 'clerk-7',
    keyid: 'H26.129.05#2023',
    data: {},
  };
}

export interface EventWanted {
  readonly name?: string;
  readonly after?: SealedMessage;
  readonly members?: Members;
}
/** First event of a stream, or the one that follows `after`. */
export function someEvent(
  subject: Subject,
  { name = 'received', after, members: more }: EventWanted = {},
): SealedMessage {
  const place = after ? Number(after.message.streamseq) + 1 : 1;
  return seal(
    {
      ...members('dossier', name, subject),
      streamseq: formatStreamSeq(place),
      ...(after && { prevhash: after.hash }),
      ...more,
    },
    'event',
  );
}
export const someCommand = (subject: Subject, more: Members = {}): SealedMessage =>
  seal({ ...members('command', 'withdraw', subject), expirytime: '2999-01-01T00:00:00.000Z', ...more }, 'command');

export const someOutcome = (command: SealedMessage): SealedMessage =>
  seal(
    {
      ...members('outcome', 'accepted', command.message.subject),
      causationid: command.message.id,
      causationhash: command.hash,
    },
    'outcome',
  );

/** A registrar's statement about an agency. */
export const someStatement = (code: string): SealedMessage =>
  seal(
    {
      ...members('directory', 'agency', `directory/${code}`),
      source: 'urn:lienthong:registrar:hanoi',
      streamseq: formatStreamSeq(1),
    },
    'directory',
  );
