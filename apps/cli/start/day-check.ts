/** After the day: every ledger verified, every dossier's history compared over the nodes. */
import { trustedKeyOf } from '#tools/embedded';
import type { EmbeddedStack } from '#tools/embedded';
import type { Io } from '../output/io.ts';
import { bar, ProgressLine } from '../output/progress-line.ts';
import type { Comparison } from '../verify/compare-histories.ts';
import { compareLedgers } from '../verify/compare-ledgers.ts';
import { readPublishedCheckpoints } from '../verify/published-checkpoints.ts';
import type { LedgerChecked } from '../verify/verification-text.ts';
import { verifyPlace } from '../verify/verify-place.ts';

export interface DayCheck {
  readonly ledgers: readonly LedgerChecked[];
  readonly comparison: Comparison;
  readonly whole: boolean;
}

export async function checkDay(
  { folder, record }: Pick<EmbeddedStack, 'folder' | 'record'>,
  io: Io,
): Promise<DayCheck> {
  const published = await readPublishedCheckpoints({ folder, record });
  const line = new ProgressLine(io);
  const ledgers: LedgerChecked[] = [];
  for (const { node, databases } of record.nodes) {
    const checkpoints = [...published].filter(([origin]) => origin.split('/')[1] === node).map(([, found]) => found);
    const place = { name: node, databaseUrl: databases.ledger.appUrl, trusted: [trustedKeyOf(record)] };
    const onProgress = (done: number, of: number): void => line.show(`${node} ${bar(done, of)}`);
    ledgers.push({ node, found: await verifyPlace(place, { checkpoints, onProgress }) });
  }
  line.end();
  const urls = new Map<string, string>(record.nodes.map(({ node, databases }) => [node, databases.ledger.appUrl]));
  const comparison = await compareLedgers(ledgers.map((one) => ({ ...one, databaseUrl: urls.get(one.node) ?? '' })));
  const whole = ledgers.every(({ found }) => found.faults.length === 0) && comparison.differences.length === 0;
  return { ledgers, comparison, whole };
}
