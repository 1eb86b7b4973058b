/**
 * What a registrar has stated, kept beside its key: the last statement about each code with its very bytes. It is the
 * registrar's memory, not the topic: a topic that was lost is filled again from here, byte for byte.
 *
 * Promises, tried by `statement-register.spec.ts`: stating the same again makes nothing new; places of a code and
 * `recordedtime` over all codes only grow; what was signed is on disk before anybody can have received it.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sealMessage } from '#libs/exchange';
import { createIds, sha256 } from '#libs/key-custody';
import {
  canonicalize,
  formatStreamSeq,
  instantToMs,
  isJsonObject,
  laterOf,
  msToInstant,
  schemaOf,
  typeOf,
  type Instant,
  type JsonObject,
  type Message,
} from '#libs/kernel';
import type { Ed25519Key } from './ed25519-file.ts';

/** The `data` of a full statement about one code. */
export interface Statement {
  readonly name: 'agency' | 'node';
  readonly data: JsonObject;
}
export interface StatedRow {
  readonly subject: string;
  readonly streamseq: number;
  readonly recordedtime: Instant;
  /** base64 of the message as it is published. */
  readonly bytes: string;
  /** Cluster that last acknowledged it. */
  readonly publishedTo?: string;
}
export interface Stating {
  readonly registrar: string;
  readonly key: Ed25519Key;
  /** Not earlier than this; later when the statement before was. */
  readonly at: Instant;
}

const FORMAT = 'lienthong/registrar/v1';
const SECOND_MS = 1000;

export class StatementRegister {
  private readonly path: string;
  private readonly byCode: Map<string, StatedRow>;
  private readonly ids = createIds();

  /** Opens the register in this file; one that is not there is empty. */
  constructor(path: string) {
    this.path = path;
    this.byCode = new Map(readRows(path).map((row) => [row.subject, row]));
  }

  /** In the order in which they were stated. */
  get rows(): readonly StatedRow[] {
    return [...this.byCode.values()].toSorted((a, b) => (a.recordedtime < b.recordedtime ? -1 : 1));
  }

  /** Signs what is new or differs from what was stated last, one second after the other; gives how many. */
  state(statements: readonly Statement[], stating: Stating): number {
    const changed = statements.filter(({ name, data }) => !this.says(subjectOf(name, data), data));
    for (const statement of changed) this.sign(statement, stating);
    if (changed.length > 0) this.save();
    return changed.length;
  }

  markPublished(subjects: ReadonlySet<string>, publishedTo: string): void {
    for (const row of this.rows) {
      if (subjects.has(row.subject)) this.byCode.set(row.subject, { ...row, publishedTo });
    }
    this.save();
  }

  private says(subject: string, data: JsonObject): boolean {
    const row = this.byCode.get(subject);
    return row !== undefined && canonicalize(messageOf(row).data) === canonicalize(data);
  }

  private sign({ name, data }: Statement, { registrar, key, at }: Stating): void {
    const subject = subjectOf(name, data);
    const recordedtime = this.nextTime(at);
    const streamseq = (this.byCode.get(subject)?.streamseq ?? 0) + 1;
    const { bytes } = sealMessage(
      {
        specversion: '1.0',
        profile: 'lt1',
        id: this.ids.uuid7(),
        source: `urn:lienthong:registrar:${registrar}`,
        type: typeOf('directory', name),
        subject,
        streamseq: formatStreamSeq(streamseq),
        time: recordedtime,
        recordedtime,
        datacontenttype: 'application/json',
        dataschema: schemaOf('directory', name),
        authtype: 'system',
        authid: `registrar-${registrar}`,
        keyid: key.kid,
        data,
      },
      key.sign,
      sha256,
    );
    this.byCode.set(subject, { subject, streamseq, recordedtime, bytes: Buffer.from(bytes).toString('base64') });
  }

  private nextTime(at: Instant): Instant {
    const last = this.rows.at(-1)?.recordedtime;
    return last === undefined ? at : laterOf(at, msToInstant(instantToMs(last) + SECOND_MS));
  }

  private save(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const beside = `${this.path}.${randomUUID()}`;
    try {
      const text = JSON.stringify({ format: FORMAT, statements: this.rows }, undefined, 1);
      writeFileSync(beside, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
      renameSync(beside, this.path);
    } finally {
      rmSync(beside, { force: true });
    }
  }
}

function subjectOf(name: Statement['name'], data: JsonObject): string {
  const about = data[name === 'agency' ? 'code' : 'node'];
  return `directory/${typeof about === 'string' ? about : ''}`;
}

const messageOf = (row: StatedRow): Message => JSON.parse(bytesOf(row).toString('utf8')) as Message;

export const bytesOf = ({ bytes }: StatedRow): Buffer => Buffer.from(bytes, 'base64');

function readRows(path: string): readonly StatedRow[] {
  if (!existsSync(path)) return [];
  const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isJsonObject(file) || file['format'] !== FORMAT) throw new Error(`${path} is no register of a registrar`);
  return file['statements'] as unknown as readonly StatedRow[];
}
