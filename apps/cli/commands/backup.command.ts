import { readFileSync } from 'node:fs';
import { backup, partsIn, PARTS, restore, type NodePlaces, type Part, type PartDone } from '#tools/backup';
import type { Command, Given, OptionTable } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Unreachable, UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { count } from '../output/table.ts';
import { DATA_DIR, getStack, NODE, nodesIn } from '../reach/reach-nodes.ts';

const PLACES: OptionTable = {
  ...DATA_DIR,
  ...NODE,
  only: {
    type: 'string',
    value: 'PARTS',
    about: { vi: `Chỉ các phần này: ${PARTS.join(',')}`, en: `These parts only: ${PARTS.join(',')}` },
  },
  database: {
    type: 'string',
    value: 'URL',
    about: {
      vi: 'Sổ cái (tài khoản chủ), thay cho --data-dir; cùng --vault-database, --keys-dir, --app-role',
      en: 'Ledger (its owner), instead of --data-dir; with --vault-database, --keys-dir, --app-role',
    },
  },
  'vault-database': {
    type: 'string',
    value: 'URL',
    about: { vi: 'Kho dữ liệu cá nhân (tài khoản chủ)', en: 'Vault (its owner)' },
  },
  'keys-dir': {
    type: 'string',
    value: 'DIR',
    about: { vi: 'Thư mục khoá (KEYS_DIR)', en: 'Folder of keys (KEYS_DIR)' },
  },
  'app-role': {
    type: 'string',
    value: 'ROLES',
    about: {
      vi: 'restore: tài khoản mà gateway dùng ở sổ cái và ở kho, cách nhau bằng dấu phẩy',
      en: 'restore: roles of the gateway at ledger and vault, divided by a comma',
    },
  },
};

const PASSPHRASE: OptionTable = {
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    about: {
      vi: 'Kho và khoá mở bằng mật khẩu ở dòng đầu tệp này',
      en: 'Vault and keys under the passphrase in its first line',
    },
  },
};

export const backupCommand: Command = {
  name: 'backup',
  usage: '--node NODE --to DIR [--passphrase-file FILE | --recipient age1…] [--only ledger,vault,keys]',
  summary: {
    vi: 'Sao lưu sổ cái, kho dữ liệu cá nhân và khoá của một nút đang chạy',
    en: 'Backs up ledger, vault and keys of a node, which may be at work',
  },
  options: {
    ...PLACES,
    to: { type: 'string', value: 'DIR', about: { vi: 'Thư mục mới', en: 'A new folder' } },
    ...PASSPHRASE,
    recipient: {
      type: 'string',
      multiple: true,
      value: 'age1…',
      about: {
        vi: 'Niêm phong kho và khoá cho người nhận này (age)',
        en: 'Vault and keys sealed to this recipient of age',
      },
    },
  },
  more: `  Mỗi phần ở một thư mục con; khoá và kho dữ liệu cá nhân không nên để chung một nơi.
  Each part is a folder of its own; keys and vault should not be kept in one place.`,
  async run(given, io) {
    const dir = given.get('to');
    const seal = { recipients: given.all('recipient'), ...passphraseIn(given) };
    const done = await backup(placesOf(given), { dir, parts: partsOf(given, PARTS), seal });
    printResult(io, given.has('json'), { dir, parts: done }, () =>
      [textOf(dir, done, 'đã sao lưu · backed up'), ...plainWarning(seal, done)].join('\n'),
    );
    return EXIT.ok;
  },
};

export const restoreCommand: Command = {
  name: 'restore',
  usage: '--node NODE --from DIR [--passphrase-file FILE | --identity-file FILE] [--only ledger,vault,keys]',
  summary: {
    vi: 'Đưa sổ cái, kho dữ liệu cá nhân và khoá của một nút đã dừng về bản sao lưu; sau đó chạy lienthong recover',
    en: 'Puts ledger, vault and keys of a stopped node back from a backup; lienthong recover comes next',
  },
  options: {
    ...PLACES,
    from: { type: 'string', value: 'DIR', about: { vi: 'Bản sao lưu', en: 'The backup' } },
    ...PASSPHRASE,
    'identity-file': {
      type: 'string',
      value: 'FILE',
      about: { vi: 'Khoá mở niêm phong (age)', en: 'Identity of age that opens what was sealed to a recipient' },
    },
  },
  more: `  Mọi tệp được kiểm tra trước khi thay đổi gì. Khoá không bao giờ bị ghi đè.
  Every file is checked before anything is changed. A key is never overwritten.`,
  run: (given, io) => runRestore(given, io),
};

async function runRestore(given: Given, io: Io): Promise<ExitCode> {
  const dir = given.get('from');
  const there = partsIn(dir);
  if (there.length === 0) throw new UsageError(`--from ${dir}: không có bản sao lưu · holds no backup`);
  const open = { identities: identitiesIn(given), ...passphraseIn(given) };
  const done = await restore(placesOf(given), { dir, parts: partsOf(given, there), open });
  printResult(io, given.has('json'), { dir, parts: done }, () =>
    [
      textOf(dir, done, 'đã đưa về · put back'),
      'Bước tiếp theo: khởi động nút, rồi lienthong recover · next: start the node, then lienthong recover',
    ].join('\n'),
  );
  return EXIT.ok;
}

function partsOf(given: Given, all: readonly Part[]): readonly Part[] {
  const wanted = given.list('only');
  if (wanted.length === 0) return all;
  const parts = PARTS.filter((part) => wanted.includes(part));
  if (parts.length === wanted.length) return parts;
  throw new UsageError(`--only: ${PARTS.join(',')}`);
}

const linesOf = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    throw new UsageError(`${file}: không đọc được · cannot be read`);
  }
};
function passphraseIn(given: Given): { readonly passphrase?: string } {
  const file = given.find('passphrase-file');
  if (file === undefined) return {};
  const [passphrase = ''] = linesOf(file);
  if (passphrase.length >= PASSPHRASE_LEAST) return { passphrase };
  throw new UsageError(`--passphrase-file: ít nhất ${PASSPHRASE_LEAST} ký tự · characters at least`);
}
/** Lines as `age-keygen` writes them; the others are remarks. */
function identitiesIn(given: Given): readonly string[] {
  const file = given.find('identity-file');
  return file === undefined ? [] : linesOf(file).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
}
const PASSPHRASE_LEAST = 16;

function plainWarning(
  { recipients, passphrase }: { readonly recipients: readonly string[]; readonly passphrase?: string },
  done: readonly PartDone[],
): readonly string[] {
  const isSecret = done.some(({ part }) => part !== 'ledger');
  if (!isSecret || recipients.length > 0 || passphrase !== undefined) return [];
  return ['  Chưa niêm phong · not sealed: --passphrase-file, --recipient'];
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);

function placesOf(given: Given): NodePlaces {
  const database = given.find('database');
  if (database !== undefined) return namedPlaces(given, database);
  const stack = getStack(given);
  const [record, ...others] = nodesIn(stack, given);
  if (!record || others.length > 0) throw new UsageError('--node: từng nút một · one node at a time');
  const { ledger, vault } = record.databases;
  if (ledger.ownerUrl === undefined || vault.ownerUrl === undefined)
    throw new Unreachable('--database, --vault-database: tài khoản chủ không có ở đây · the owner is not known here');
  return {
    node: record.node,
    ledger: { ownerUrl: ledger.ownerUrl, appRole: roleOf(ledger.appUrl) },
    vault: { ownerUrl: vault.ownerUrl, appRole: roleOf(vault.appUrl) },
    keysDir: stack.folder.keysOf(record.node),
  };
}

function namedPlaces(given: Given, database: string): NodePlaces {
  const [ofLedger = '', ofVault = ofLedger] = given.list('app-role');
  return {
    node: given.get('node'),
    ledger: { ownerUrl: database, appRole: ofLedger },
    vault: { ownerUrl: given.get('vault-database'), appRole: ofVault },
    keysDir: given.get('keys-dir'),
  };
}

const textOf = (dir: string, done: readonly PartDone[], what: string): string =>
  [
    `${dir}: ${what}`,
    ...done.map(({ part, files, bytes }) => `  ${part}: ${files} tệp · files, ${count(bytes)} byte`),
  ].join('\n');
