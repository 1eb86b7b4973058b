/** Ledgers to be verified, with the registrar's keys to trust: those of the embedded stack, or one named by its database. */
import { existsSync, readFileSync } from 'node:fs';
import { postgresUrlProblem, type TrustedKey } from '#libs/config';
import { decodeBase64Url } from '#libs/kernel';
import { trustedKeyOf } from '#tools/embedded';
import type { Given, OptionTable } from '../command.ts';
import { UsageError } from '../failures.ts';
import { DATA_DIR, getStack, NODE, nodesIn } from '../reach/reach-nodes.ts';

export interface LedgerPlace {
  readonly name: string;
  readonly databaseUrl: string;
  readonly trusted: readonly TrustedKey[];
}

export const LEDGERS: OptionTable = {
  ...DATA_DIR,
  ...NODE,
  database: {
    type: 'string',
    value: 'URL',
    about: { vi: 'Cơ sở dữ liệu sổ cái, thay cho --data-dir', en: 'Ledger database, instead of --data-dir' },
  },
  'registrar-key': {
    type: 'string',
    multiple: true,
    value: 'KEY',
    about: {
      vi: 'Khoá của cơ quan đăng ký: <tên>#<nhãn>=<base64url>, hoặc tệp JSON như REGISTRAR_KEYS',
      en: 'Key of a registrar: <name>#<label>=<base64url>, or a JSON file as REGISTRAR_KEYS; several times',
    },
  },
};

/** @throws UsageError, Unreachable */
export function ledgerPlaces(given: Given): readonly LedgerPlace[] {
  const databaseUrl = given.find('database');
  const named = given.all('registrar-key').flatMap(readTrusted);
  if (databaseUrl !== undefined) {
    if (named.length === 0)
      throw new UsageError('--registrar-key: phải cho biết tin khoá nào · say which keys to trust');
    if (!URL.canParse(databaseUrl)) throw new UsageError('--database: không phải URL · not a URL');
    const problem = postgresUrlProblem(databaseUrl);
    if (problem) throw new UsageError(`--database ${problem.vi} · ${problem.en}`);
    return [{ name: new URL(databaseUrl).pathname.slice(1), databaseUrl, trusted: named }];
  }
  const stack = getStack(given);
  const trusted = named.length > 0 ? named : [trustedKeyOf(stack.record)];
  return nodesIn(stack, given).map(({ node, databases }) => ({
    name: node,
    databaseUrl: databases.ledger.appUrl,
    trusted,
  }));
}

function readTrusted(text: string): readonly TrustedKey[] {
  const [keyId = '', publicKey] = text.split('=');
  if (publicKey !== undefined) return [trustedKey(keyId, publicKey)];
  if (!existsSync(text)) throw wrongKey(text);
  const file = JSON.parse(readFileSync(text, 'utf8')) as Readonly<Record<string, readonly TrustedText[]>>;
  return Object.values(file).flatMap((keys) => keys.map((key) => trustedKey(key.keyId, key.publicKey)));
}
interface TrustedText {
  readonly keyId: string;
  readonly publicKey: string;
}

function trustedKey(keyId: string, text: string): TrustedKey {
  const publicKey = decodeBase64Url(text);
  if (publicKey?.length !== 32 || !/^[a-z0-9-]+#[A-Za-z0-9-]+$/.test(keyId)) throw wrongKey(keyId);
  return { keyId, publicKey };
}
const wrongKey = (text: string): UsageError =>
  new UsageError(`--registrar-key ${text}: hanoi#2023-1=<base64url, 32 byte> hoặc tệp · or a file`);
