/** What `lienthong start` is told. */
import type { Given, OptionTable } from '../command.ts';
import { UsageError } from '../failures.ts';
import { DATA_DIR, dataDirOf } from '../reach/reach-nodes.ts';

export interface StartOptions {
  readonly dataDir: string;
  /** Ends when the day is done. */
  readonly once: boolean;
  readonly load: boolean;
  /** How many times faster than life the work clock runs. */
  readonly speed: number;
  readonly seed: string;
  /** Absent: one working day's share of the half-year. */
  readonly dossiers?: number;
  readonly json: boolean;
}

/** A day of ten hours, 07:30 to 17:30, in two and a half minutes. */
const SPEED_OF_A_DAY = 240;
const SPEED_OF_LIFE = 1;
const SEED = 'gia-lam';

export const START_OPTIONS: OptionTable = {
  ...DATA_DIR,
  once: { type: 'boolean', about: { vi: 'Dừng khi hết ngày làm việc', en: 'Stops at the end of the day' } },
  speed: {
    type: 'string',
    value: 'N',
    about: {
      vi: `Đồng hồ công việc nhanh gấp N lần (mặc định ${SPEED_OF_A_DAY}; với --no-load: ${SPEED_OF_LIFE})`,
      en: `The work clock runs N times as fast as life (default ${SPEED_OF_A_DAY}; with --no-load ${SPEED_OF_LIFE})`,
    },
  },
  seed: {
    type: 'string',
    value: 'TEXT',
    about: { vi: `Hạt giống của ngày (mặc định ${SEED})`, en: `Seed of the day (default ${SEED})` },
  },
  dossiers: {
    type: 'string',
    value: 'N',
    about: {
      vi: 'Số hồ sơ trong ngày (mặc định theo số liệu nửa năm)',
      en: 'Dossiers of the day (default: its share of the half-year)',
    },
  },
  'no-load': { type: 'boolean', about: { vi: 'Chỉ chạy các nút, không có hồ sơ', en: 'Nodes only, no dossiers' } },
};

/**
 * Without `--` in between, npm takes options for settings of its own and hands them on as variables, and the start would
 * do something else than was meant.
 *
 * @throws UsageError
 */
export function refuseOptionsTakenByNpm(env: Readonly<Record<string, string | undefined>>): void {
  const taken = Object.keys(START_OPTIONS).filter(
    (option) => env[`npm_config_${option.replace(/^no-/, '').replaceAll('-', '_')}`] !== undefined,
  );
  if (taken.length === 0) return;
  const options = taken
    .map((option) => `--${option}${START_OPTIONS[option]?.value === undefined ? '' : ' …'}`)
    .join(' ');
  throw new UsageError(`npm giữ lại các tuỳ chọn · npm kept the options for itself: npm start -- ${options}`);
}

/** @throws UsageError */
export function readStartOptions(given: Given): StartOptions {
  const load = !given.has('no-load');
  const dossiers = given.whole('dossiers', [1, 1_000_000]);
  return {
    dataDir: dataDirOf(given),
    once: given.has('once'),
    load,
    speed: given.number('speed', [0.01, 100_000]) ?? (load ? SPEED_OF_A_DAY : SPEED_OF_LIFE),
    seed: given.find('seed') ?? SEED,
    ...(dossiers !== undefined && { dossiers }),
    json: given.has('json'),
  };
}
