/** A verification in words. */
import type { Verification } from '#libs/use-cases';
import { count } from '../output/table.ts';
import type { Comparison } from './compare-histories.ts';

/** Faults beyond these are in `--json`. */
const SHOWN = 20;

export interface LedgerChecked {
  readonly node: string;
  readonly found: Verification;
}

export function ledgerText({ node, found }: LedgerChecked): string {
  const { messages, events, streams, checkpoints, faults } = found;
  const head = `${node}: ${count(messages)} thông điệp · messages, ${count(events)} sự kiện · events, ${count(streams)} chuỗi · streams, ${checkpoints} điểm kiểm · checkpoints`;
  if (faults.length === 0) return `${head}: nguyên vẹn · whole`;
  const lines = faults.slice(0, SHOWN).map(({ logIndex, subject, code, detail }) => {
    const where = [logIndex === undefined ? '' : `#${logIndex}`, subject ?? ''].filter((part) => part !== '').join(' ');
    return `  ${code} ${where}${detail === undefined ? '' : ` (${detail})`}`;
  });
  const more = faults.length > SHOWN ? [`  … ${faults.length - SHOWN} (--json)`] : [];
  return [`${head}: ${faults.length} LỖI · FAULTS`, ...lines, ...more].join('\n');
}

export function comparisonText({ dossiers, shared, identical, differences, earlierParts = 0 }: Comparison): string {
  const head = `${count(identical)} / ${count(shared)} hồ sơ có ở nhiều nút giống nhau từng byte · dossiers held by several nodes are byte-identical (${count(dossiers)} hồ sơ · in all)`;
  const lines = differences.slice(0, SHOWN).map(({ subject, held }) => {
    const who = held.map(({ node, events, digest }) => `${node}: ${events} (${digest.slice(0, 12)}…)`);
    return `  KHÁC NHAU · DIFFERS ${subject}: ${who.join(', ')}`;
  });
  const parts = `  ${count(earlierParts)} trong số đó có nút chỉ giữ phần đầu vì không còn là bên nhận · of these, held by some as an earlier part, because they are recipients no more`;
  return [head, ...(earlierParts > 0 ? [parts] : []), ...lines].join('\n');
}

/** As JSON: a map does not show. */
export const ledgerJson = ({ node, found }: LedgerChecked): object => ({
  node,
  ...found,
  histories: Object.fromEntries(found.histories),
});
