import {
  createKeys,
  openMarkFile,
  publicKeys,
  rotateKeys,
  rotateRequestSecret,
  sha256,
  type PublicKey,
  type PublicKeys,
} from '#libs/key-custody';
import { formatVkey, NOTE_SIGNATURE, verifierKey } from '#libs/ledger';
import { isAgencyCode, isInstant, parseNodeId, type AgencyCode, type NodeId } from '#libs/kernel';
import { DataFolder, stateLives } from '#tools/embedded';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { renderTable } from '../output/table.ts';
import { DATA_DIR, dataDirOf, getStack, NODE, nodesIn } from '../reach/reach-nodes.ts';

export const keysCommand: Command = {
  name: 'keys',
  usage: 'list | create | rotate | rotate-request-secret | public',
  summary: { vi: 'Khoá của một nút', en: 'Keys of a node' },
  takes: 1,
  options: {
    ...DATA_DIR,
    ...NODE,
    dir: {
      type: 'string',
      value: 'DIR',
      about: { vi: 'Thư mục khoá của nút (KEYS_DIR)', en: 'The node’s folder of keys (KEYS_DIR)' },
    },
    agency: {
      type: 'string',
      multiple: true,
      value: 'CODE',
      about: { vi: 'create: cơ quan nút phục vụ', en: 'create: agencies that the node serves; divided by commas' },
    },
    label: {
      type: 'string',
      value: 'LABEL',
      about: { vi: 'create, rotate: nhãn, ví dụ 2026-1', en: 'create, rotate: label, e.g. 2026-1' },
    },
    'valid-from': {
      type: 'string',
      value: 'TIME',
      about: {
        vi: 'create, rotate: hiệu lực từ (UTC, có mili giây)',
        en: 'create, rotate: good from (UTC with milliseconds)',
      },
    },
    'log-host': {
      type: 'string',
      value: 'HOST',
      about: {
        vi: 'public: tên máy trong định danh nhật ký',
        en: 'public: host in the log’s origin (LOG_ORIGIN_HOST)',
      },
    },
  },
  more: `  list                   khoá công khai và hiệu lực · public halves and validity
  create                 tạo khoá còn thiếu, không ghi đè · makes what is missing, overwrites nothing
  rotate                 khoá ký và mã hoá mới từ thời điểm --valid-from · new signing and encryption keys from --valid-from on
  rotate-request-secret  đổi bí mật dấu vết yêu cầu (30 ngày) · changes the secret of request fingerprints
  public                 gửi cho cơ quan đăng ký · what the registrar needs, as JSON`,
  async run(given, io) {
    const [verb = 'list'] = given.rest;
    switch (verb) {
      case 'list':
        return list(given, io);
      case 'create':
        return create(given, io);
      case 'rotate':
        return rotate(given, io);
      case 'rotate-request-secret':
        return rotateSecret(given, io);
      case 'public':
        return showPublic(given, io);
      default:
        throw new UsageError('keys list | create | rotate | rotate-request-secret | public');
    }
  },
};

interface Place {
  readonly node: NodeId;
  readonly dir: string;
}
/** The folder named, or those of the embedded stack's nodes. */
function places(given: Given): readonly Place[] {
  const dir = given.find('dir');
  if (dir !== undefined) return [{ node: parseNodeId(given.get('node')), dir }];
  const stack = getStack(given);
  return nodesIn(stack, given).map(({ node }) => ({ node, dir: stack.folder.keysOf(node) }));
}

function list(given: Given, io: Io): ExitCode {
  const found = places(given).map(({ node, dir }) => ({ node, dir, ...publicKeys(dir) }));
  printResult(io, given.has('json'), found, () => {
    const rows = found.flatMap(({ node, ...keys }) => rowsOf(keys).map((row) => [node, ...row]));
    return renderTable(
      [
        { head: 'Nút · node' },
        { head: 'Dùng để · for' },
        { head: 'Khoá · key' },
        { head: 'Hiệu lực · good from' },
        { head: 'đến · to' },
        { head: 'Công khai · public', shrinks: true },
      ],
      rows,
      io.width,
    );
  });
  return EXIT.ok;
}

function rowsOf({ signing, encryption, log }: PublicKeys): string[][] {
  const row = (use: string) => (key: PublicKey) => [
    use,
    key.keyId,
    key.validFrom ?? '–',
    key.validTo ?? '–',
    key.publicKey,
  ];
  return [
    ...signing.map(row('ký · signing')),
    ...encryption.map(row('mã hoá · encryption')),
    row('nhật ký · log')(log),
  ];
}

function create(given: Given, io: Io): ExitCode {
  const node = parseNodeId(given.get('node'));
  const validFrom = given.find('valid-from');
  if (validFrom !== undefined && !isInstant(validFrom)) throw new UsageError('--valid-from: 2026-01-01T00:00:00.000Z');
  const dir = given.find('dir') ?? new DataFolder(dataDirOf(given)).keysOf(node);
  const owners = agenciesIn(given.list('agency'));
  const made = createKeys(dir, {
    node,
    owners,
    label: given.get('label'),
    ...(validFrom !== undefined && { validFrom }),
  });
  printResult(io, given.has('json'), { dir, ...made }, () => changeText(dir, made));
  return EXIT.ok;
}

function agenciesIn(codes: readonly string[]): readonly AgencyCode[] {
  const agencies = codes.filter(isAgencyCode);
  if (agencies.length === codes.length) return agencies;
  throw new UsageError('--agency: mã định danh cơ quan · agency codes, e.g. H26.129.05');
}

/** The stack's registrar is at hand and states the new keys at once; another's is sent what `public` prints. */
async function rotate(given: Given, io: Io): Promise<ExitCode> {
  const validFrom = given.get('valid-from');
  if (!isInstant(validFrom)) throw new UsageError('--valid-from: 2026-01-01T00:00:00.000Z');
  const changed = places(given).map(({ node, dir }) => ({
    dir,
    ...rotateKeys(dir, { node, label: given.get('label'), validFrom }),
  }));
  const stated = given.find('dir') === undefined && (await stateLives(getStack(given).folder));
  printResult(io, given.has('json'), { changed, stated }, () =>
    [...changed.map(({ dir, ...made }) => changeText(dir, made)), stated ? STATED : TO_BE_STATED].join('\n'),
  );
  return EXIT.ok;
}
const STATED = 'danh bạ đã công bố khoá mới · the directory states the new keys';
const TO_BE_STATED =
  'gửi kết quả của keys public cho cơ quan đăng ký trước thời điểm đó · send what keys public prints to the registrar before that moment';

function rotateSecret(given: Given, io: Io): ExitCode {
  const changed = places(given).map(({ node, dir }) => ({ dir, ...rotateRequestSecret(dir, node) }));
  printResult(io, given.has('json'), changed, () =>
    changed.map(({ dir, ...made }) => changeText(dir, made)).join('\n'),
  );
  return EXIT.ok;
}

const changeText = (dir: string, { created, kept }: { created: readonly string[]; kept: readonly string[] }): string =>
  [
    `${dir}:`,
    ...created.map((name) => `  tạo · created ${name}`),
    `  giữ · kept ${kept.length}`,
    ...(created.length > 0 ? ['  nút đang chạy tự đọc khoá mới · a node that runs reads new keys by itself'] : []),
  ].join('\n');

/** Printed as JSON in any case: it is sent to the registrar as it is. */
function showPublic(given: Given, io: Io): ExitCode {
  const host = given.find('log-host') ?? 'lienthong.example';
  const applications = places(given).map(({ node, dir }) => {
    const keys = publicKeys(dir);
    const life = openMarkFile(dir).find()?.life ?? 1;
    const origin = `${host}/${node}/${life}`;
    const publicKey = Buffer.from(keys.log.publicKey, 'base64url');
    const vkey = formatVkey(verifierKey({ name: origin, type: NOTE_SIGNATURE, publicKey }, sha256));
    return { node, signingKeys: keys.signing, encryptionKeys: keys.encryption, log: { life, origin, vkey } };
  });
  io.out(JSON.stringify(applications.length === 1 ? applications[0] : applications, undefined, 2));
  return EXIT.ok;
}
