/** For what is one node's own: numbers in quarantine, jobs, switches. And for whom an operator acts there. */
import type { Given, OptionTable } from '../command.ts';
import { UsageError } from '../failures.ts';
import type { NodeApi } from './node-api.ts';
import { getStack, nodesIn, reachNodes } from './reach-nodes.ts';

/** @throws UsageError when several nodes could be meant */
export function oneNode(given: Given): NodeApi {
  const [api, ...others] = reachNodes(given);
  if (api && others.length === 0) return api;
  throw new UsageError('--node: hãy chỉ rõ một nút · name one node: numbers and jobs are a node’s own');
}

/** `--agency`, or the first one that the node serves. */
export function agencyFor(given: Given): string {
  const named = given.find('agency');
  if (named !== undefined) return named;
  if (given.find('url') !== undefined) return given.get('agency');
  const [record] = nodesIn(getStack(given), given);
  return record?.agencies[0] ?? given.get('agency');
}

/** What every act of an operator takes. */
export const actOptions = (reasons: readonly string[]): OptionTable => ({
  reason: {
    type: 'string',
    value: 'REASON',
    about: { vi: `Lý do, được ghi lại: ${reasons.join(', ')}`, en: 'Reason of the act, one of these; recorded' },
  },
  note: { type: 'string', value: 'TEXT', about: { vi: 'Ghi chú, được ghi lại', en: 'Note, recorded with it' } },
  agency: { type: 'string', value: 'CODE', about: { vi: 'Thay mặt cơ quan này', en: 'Agency acted for' } },
});

/** @throws UsageError without `--reason` */
export function actBody(given: Given): { readonly reason: string; readonly note?: string } {
  const note = given.find('note');
  return { reason: given.get('reason'), ...(note !== undefined && { note }) };
}
