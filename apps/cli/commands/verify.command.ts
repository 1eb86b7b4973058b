import { existsSync, readFileSync } from 'node:fs';
import { parseCheckpointText, parseNote } from '#libs/ledger';
import type { CheckpointFound } from '#libs/use-cases';
import type { Command, Given } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { bar, ProgressLine } from '../output/progress-line.ts';
import { getStack } from '../reach/reach-nodes.ts';
import { compareLedgers } from '../verify/compare-ledgers.ts';
import { ledgerPlaces, LEDGERS, type LedgerPlace } from '../verify/ledger-place.ts';
import { readPublishedCheckpoints } from '../verify/published-checkpoints.ts';
import { comparisonText, ledgerJson, ledgerText, type LedgerChecked } from '../verify/verification-text.ts';
import { verifyPlace } from '../verify/verify-place.ts';

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--all | --node NODE | --database URL --registrar-key KEY]',
  summary: {
    vi: 'Kiểm tra toàn bộ sổ cái: byte, mã băm, chuỗi, chữ ký, quyền giữ, điểm kiểm; so sánh lịch sử giữa các nút',
    en: 'Checks whole ledgers: bytes, hashes, chains, signatures, custody, checkpoints; compares the nodes’ histories',
  },
  options: {
    ...LEDGERS,
    all: { type: 'boolean', about: { vi: 'Mọi nút (mặc định)', en: 'Every node (the default)' } },
    checkpoint: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      about: { vi: 'Điểm kiểm lấy từ nơi khác', en: 'A checkpoint got elsewhere; several times' },
    },
  },
  more: `  Sổ cái đang dùng được kiểm tra như lúc bắt đầu. Điểm kiểm đã công bố trên Kafka cũng được so.
  A ledger in use is judged as it was at the start. Checkpoints published on Kafka are compared too.`,
  async run(given, io) {
    if (given.has('all') && given.find('node') !== undefined) throw new UsageError('--all | --node');
    const places = ledgerPlaces(given);
    const elsewhere = [...given.all('checkpoint').map(readCheckpoint), ...(await published(given))];
    const checked: LedgerChecked[] = [];
    for (const place of places) {
      checked.push(await checkPlace(place, checkpointsOf(place, elsewhere, given), io));
      if (!given.has('json')) io.out(ledgerText(checked.at(-1) as LedgerChecked));
    }
    const urls = new Map(places.map(({ name, databaseUrl }) => [name, databaseUrl]));
    const comparison = await compareLedgers(checked.map((one) => ({ ...one, databaseUrl: urls.get(one.node) ?? '' })));
    if (given.has('json')) printResult(io, true, { ledgers: checked.map(ledgerJson), comparison }, () => '');
    else if (checked.length > 1) io.out(comparisonText(comparison));
    const whole = checked.every(({ found }) => found.faults.length === 0) && comparison.differences.length === 0;
    return whole ? EXIT.ok : EXIT.failed;
  },
};

interface Elsewhere extends CheckpointFound {
  readonly origin: string;
}

function readCheckpoint(file: string): Elsewhere {
  if (!existsSync(file)) throw new UsageError(`--checkpoint ${file}: không có tệp · no such file`);
  const note = readFileSync(file, 'utf8');
  const { origin, size } = parseCheckpointText(parseNote(note).text);
  return { origin, size, note };
}

async function published(given: Given): Promise<readonly Elsewhere[]> {
  if (given.find('database') !== undefined) return [];
  const found = await readPublishedCheckpoints(getStack(given));
  return [...found].map(([origin, checkpoint]) => ({ origin, ...checkpoint }));
}

/** Of the stack's nodes each its own (`<host>/<node>/<life>`); for a database named, those that the user gives for it. */
const checkpointsOf = ({ name }: LedgerPlace, all: readonly Elsewhere[], given: Given): readonly CheckpointFound[] =>
  given.find('database') === undefined ? all.filter(({ origin }) => origin.split('/')[1] === name) : all;

async function checkPlace(place: LedgerPlace, checkpoints: readonly CheckpointFound[], io: Io): Promise<LedgerChecked> {
  const line = new ProgressLine(io);
  try {
    const onProgress = (done: number, of: number): void => line.show(`${place.name} ${bar(done, of)}`);
    return { node: place.name, found: await verifyPlace(place, { checkpoints, onProgress }) };
  } finally {
    line.end();
  }
}
