/** The registrar of a test: states the organisation of 2023 with the keys and nodes of the test, and later changes. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealMessage } from '#libs/exchange';
import { agencyStatementsOf, type KeyMember, type Organisation, type RegistrarKey } from '#libs/directory';
import { sha256 } from '#libs/key-custody';
import {
  formatStreamSeq,
  msToInstant,
  schemaOf,
  splitSubject,
  typeOf,
  type Instant,
  type JsonObject,
} from '#libs/kernel';
import type { OutgoingRecord } from '#libs/use-cases';

const REGISTRAR = 'hanoi';
const KEY_ID = `${REGISTRAR}#test-1`;
/** Statements of a test are recorded one second after the other from here on. */
const FIRST = Date.parse('2023-01-02T00:00:00.000Z');

interface Stated {
  streamseq: number;
  data: JsonObject;
}

export class TestRegistrar {
  readonly trusted: readonly RegistrarKey[];
  private readonly privateKey: KeyObject;
  private readonly stated = new Map<string, Stated>();
  private count = 0;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const x = publicKey.export({ format: 'jwk' }).x ?? '';
    this.privateKey = privateKey;
    this.trusted = [{ keyId: KEY_ID, publicKey: Buffer.from(x, 'base64url') }];
  }

  /** A full statement about an agency or a node, as a record of the directory topic. `at`: its `recordedtime`. */
  state(
    name: 'agency' | 'node',
    data: JsonObject,
    at: Instant = msToInstant(FIRST + this.count * 1000),
  ): OutgoingRecord {
    this.count += 1;
    const subject = `directory/${data[name === 'agency' ? 'code' : 'node'] as string}`;
    const streamseq = (this.stated.get(subject)?.streamseq ?? 0) + 1;
    this.stated.set(subject, { streamseq, data });
    const { bytes } = sealMessage(
      {
        specversion: '1.0',
        profile: 'lt1',
        id: uuid7(this.count),
        source: `urn:lienthong:registrar:${REGISTRAR}`,
        type: typeOf('directory', name),
        subject,
        streamseq: formatStreamSeq(streamseq),
        time: at,
        recordedtime: at,
        datacontenttype: 'application/json',
        dataschema: schemaOf('directory', name),
        authtype: 'system',
        authid: 'test-registrar',
        keyid: KEY_ID,
        data,
      },
      (signed) => sign(null, signed, this.privateKey),
      sha256,
    );
    return { key: splitSubject(subject).name, value: bytes };
  }

  /** What was last stated about an agency or a node: to be changed and stated again. */
  last(code: string): JsonObject {
    const stated = this.stated.get(`directory/${code}`);
    if (!stated) throw new Error(`nothing has been stated about ${code}`);
    return stated.data;
  }
}

const uuid7 = (count: number): string => `01857000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;

const root = join(import.meta.dirname, '../..');
export const readReference = (file: string): unknown => JSON.parse(readFileSync(join(root, 'reference', file), 'utf8'));

/** Hà Nội and the ministries: a test needs no more, and every statement is a row of each node's ledger. */
function organisation(): Organisation {
  const { agencies, successions } = readReference('organisation.json') as Organisation;
  const wanted = (code: string): boolean => code.startsWith('H26') || code.startsWith('G');
  return {
    agencies: agencies.filter(({ code }) => wanted(code)),
    successions: successions.filter(({ from, to }) => wanted(from) && wanted(to)),
  };
}

/** Agency code to the `data` of its first statement. */
export const agencyStatements = (
  nodes: ReadonlyMap<string, string>,
  keys: ReadonlyMap<string, readonly KeyMember[]>,
): ReadonlyMap<string, JsonObject> => agencyStatementsOf(organisation(), { nodes, keys });
