/** A thread of `grow-ledger.ts`: seals its turns and copies them into the tables, one turn at a time. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { workerData } from 'node:worker_threads';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { sealMessage } from '#libs/exchange';
import { openKeyCustody, sha256 } from '#libs/key-custody';
import { formatStreamSeq, splitSource, splitType, type SealedMessage } from '#libs/kernel';
import { TURN, type GrowthPart } from './grow-ledger.ts';

const part = workerData as GrowthPart;
const custody = openKeyCustody(part.keysDir);
const DAY_MS = 86_400_000;

const uuidOf = (text: string, version: 4 | 7): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
/** Ids that begin with the time, as those of a node do. */
function idAt(index: number): string {
  const time = (Date.UTC(2023, 5, 14) + index).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${uuidOf(`id ${index}`, 7).slice(14)}`;
}
/** Ten thousand to a day, as the grammar has room for. */
function codeOf(number: number): string {
  const day = new Date(Date.UTC(2023, 0, 1) + Math.floor(number / 9_999) * DAY_MS).toISOString();
  const date = day.slice(2, 10).replaceAll('-', '');
  return `H26.129.05-${date}-${String((number % 9_999) + 1).padStart(4, '0')}`;
}

interface Rows {
  readonly ledger: string[];
  readonly streams: string[];
  readonly outbox: string[];
}

const bytea = (bytes: Uint8Array): string =>
  `\\\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
const hashText = (hash: string | undefined): string =>
  hash === undefined ? '\\N' : bytea(Buffer.from(hash, 'base64url'));

function sealOne(
  at: number,
  dossier: number,
  { index, before }: { index: number; before: SealedMessage | undefined },
): SealedMessage {
  const model = part.unsigned[at] as GrowthPart['unsigned'][number];
  const data =
    'dossierCode' in model.data
      ? { ...model.data, dossierCode: codeOf(dossier), registerNumber: dossier + 1 }
      : model.data;
  const key = custody.signingKey(splitSource(model.source)?.name ?? '');
  const unsigned = {
    ...model,
    id: idAt(index),
    subject: `dossier/H26.129.05/${uuidOf(`dossier ${dossier}`, 7)}`,
    streamseq: formatStreamSeq(at + 1),
    ...(before && { prevhash: before.hash }),
    data,
  };
  return sealMessage(unsigned, (bytes) => key.sign(bytes), sha256);
}

function turnRows(turn: number): Rows {
  const rows: Rows = { ledger: [], streams: [], outbox: [] };
  const heads: (SealedMessage | undefined)[] = Array.from({ length: TURN });
  const first = turn * TURN;
  part.unsigned.forEach((_, at) => {
    for (let k = 0; k < TURN; k += 1) {
      const entry = turn * TURN * part.unsigned.length + at * TURN + k;
      const index = part.baseIndex + entry;
      const sealed = sealOne(at, part.baseStream + first + k, { index, before: heads[k] });
      heads[k] = sealed;
      rows.ledger.push(ledgerRow(sealed, index, part.baseStream + first + k));
      for (const receiver of part.receivers) rows.outbox.push(`${receiver}\t1\t${index}\t${index}\tnow\n`);
    }
  });
  heads.forEach((head, k) => {
    if (head) rows.streams.push(streamRow(head, part.baseStream + first + k));
  });
  return rows;
}

function ledgerRow({ message, hash, bytes }: SealedMessage, index: number, stream: number): string {
  const fields = [
    index,
    new Date(Date.UTC(2023, 5, 14) + index).toISOString(),
    message.recordedtime,
    stream,
    Number(message.streamseq),
    message.id,
    hashText(hash),
    hashText(message.prevhash),
    'event',
    splitType(message.type)?.name ?? '',
    message.source,
    'extends',
    'bench',
    bytea(bytes),
  ];
  return `${fields.join('\t')}\n`;
}

const streamRow = ({ message, hash }: SealedMessage, stream: number): string =>
  [
    stream,
    message.subject,
    part.unsigned.length,
    hashText(hash),
    part.unsigned.length,
    message.recordedtime,
    'held',
    '\\N',
    'H26.129.05',
    '{gialam-district,hanoi-city}',
    '{H26.129.05}',
  ].join('\t') + '\n';

const COPIES = {
  streams:
    'copy lt.stream (stream, subject, revision, hash, streamseq, recordedtime, hand_kind, hand_from, hand_to, receivers, parties) from stdin',
  ledger: `copy lt.ledger (log_index, appended_at, recordedtime, stream, streamseq, message_id, hash, prevhash, class, name, source,
    effect, software_version, bytes) from stdin`,
  outbox: 'copy lt.outbox (receiver, line, number, log_index, owed_at) from stdin',
} as const;

const client = new pg.Client({ connectionString: part.ownerUrl });
await client.connect();
let writing: Promise<void> = Promise.resolve();
for (let turn = part.first; turn < part.turns; turn += part.step) {
  const rows = turnRows(turn);
  await writing;
  writing = copyTurn(rows);
}
await writing;
await client.end();

async function copyTurn(rows: Rows): Promise<void> {
  await client.query('begin');
  for (const table of ['streams', 'ledger', 'outbox'] as const)
    await pipeline(Readable.from([Buffer.from(rows[table].join(''))]), client.query(copyFrom(COPIES[table])));
  await client.query('commit');
}
