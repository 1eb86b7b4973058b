/**
 * The day as one watches it, Vietnamese with English: on a terminal some lines that are drawn over themselves, elsewhere
 * (a file, a pipe) one plain line every few seconds. Writes nothing but what `write` is given.
 */
import { instantToMs, msToInstant, VIET_NAM_OFFSET_MS, type Instant } from '#libs/kernel';
import type { DaySummary, Snapshot } from './tally.ts';

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
export interface ProgressDisplay {
  show(snapshot: Snapshot): void;
  /** The last state, and what was unexpected. */
  end(summary: DaySummary): void;
}

const PLAIN_EVERY_MS = 5_000;
const BAR = 24;
const DEFAULT_COLUMNS = 100;

/** `now` gives real milliseconds. */
export function progressDisplay(screen: Screen, now: () => number = Date.now): ProgressDisplay {
  return screen.isTTY === true ? redrawn(screen) : plain(screen, now);
}

function redrawn(screen: Screen): ProgressDisplay {
  let drawn = 0;
  const draw = (snapshot: Snapshot): void => {
    const up = drawn > 0 ? `\x1b[${drawn}A` : '';
    const columns = screen.columns ?? DEFAULT_COLUMNS;
    const lines = linesOf(snapshot).map((line) => `\x1b[2K${[...line].slice(0, columns - 1).join('')}\n`);
    screen.write(up + lines.join(''));
    drawn = lines.length;
  };
  return {
    show: draw,
    end: (summary) => {
      draw(summary);
      screen.write(troubles(summary));
    },
  };
}

function plain(screen: Screen, now: () => number): ProgressDisplay {
  let last = -Infinity;
  const line = (snapshot: Snapshot): unknown => screen.write(`${linesOf(snapshot).join(' | ')}\n`);
  return {
    show: (snapshot) => {
      if (now() - last < PLAIN_EVERY_MS) return;
      last = now();
      line(snapshot);
    },
    end: (summary) => {
      line(summary);
      screen.write(troubles(summary));
    },
  };
}

function linesOf(snapshot: Snapshot): readonly string[] {
  const { planned, filed, received, forwarded, settled, waiting, commands, p50, p95, retries, errors } = snapshot;
  const done = planned === 0 ? 1 : filed / planned;
  const full = Math.round(done * BAR);
  const bar = `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
  return [
    `${bar} ${timeOf(snapshot.workTime)} hồ sơ · dossiers ${filed}/${planned}`,
    `tiếp nhận · received ${received}, chuyển · forwarded ${forwarded}, giải quyết · settled ${settled}, chờ · waiting ${waiting}`,
    `lệnh · commands ${commands} (p50 ${p50} ms, p95 ${p95} ms), gửi lại · retries ${retries}, lỗi · errors ${errors}`,
  ];
}

/** Hours and minutes of work time in Viet Nam. */
const timeOf = (workTime: Instant): string => msToInstant(instantToMs(workTime) + VIET_NAM_OFFSET_MS).slice(11, 16);

function troubles({ unexpected, aborted }: DaySummary): string {
  const lines = unexpected.map(
    ({ command, code, count, example }) =>
      `  ${count} × ${command} ${code} (${example.agency}, ${example.subject}): ${example.detail}`,
  );
  const said = lines.length > 0 ? ['ngoài dự kiến · unexpected:', ...lines] : [];
  return [...(aborted ? ['dừng sớm · ended early'] : []), ...said].map((line) => `${line}\n`).join('');
}
