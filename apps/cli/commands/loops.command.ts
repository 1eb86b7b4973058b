/** Stop switches of a node's loops: what an operator pulls when a node does harm, and puts back when it does no more. */
import { STOPPABLE_LOOPS } from '#libs/exchange';
import type { LoopsView } from '#libs/http-api';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { actBody, actOptions, agencyFor, oneNode } from '../reach/one-node.ts';
import { REACH, reachNodes } from '../reach/reach-nodes.ts';
import { stoppedText } from './trouble.command.ts';

const REASONS = ['peer-asks', 'peer-faulty', 'load', 'maintenance', 'cause-removed', 'other'];

export const loopsCommand: Command = {
  name: 'loops',
  usage: 'list | stop LOOP --reason REASON [--peer NODE] | resume LOOP --reason REASON [--peer NODE]',
  summary: {
    vi: `Ngắt và nối lại các vòng lặp (deliveries: một nút nhận): ${STOPPABLE_LOOPS.join(', ')}`,
    en: `Stop and resume loops (deliveries: to one peer): ${STOPPABLE_LOOPS.join(', ')}`,
  },
  takes: 2,
  options: {
    ...REACH,
    peer: { type: 'string', value: 'NODE', about: { vi: 'Nút nhận, với deliveries', en: 'The peer, of deliveries' } },
    ...actOptions(REASONS),
  },
  more: 'list: 1 có vòng lặp đã ngắt · a loop is stopped',
  run(given, io) {
    const [verb = 'list', loop] = given.rest;
    if (verb === 'list') return list(given, io);
    if (verb !== 'stop' && verb !== 'resume') throw new UsageError('loops list | stop LOOP | resume LOOP');
    if (loop === undefined)
      throw new UsageError('Thiếu vòng lặp · which loop: deliveries, redrive, ask-for-gaps, release-held, prune');
    return turn(given, io, { loop, stopped: verb === 'stop' });
  },
};

async function list(given: Given, io: Io): Promise<ExitCode> {
  const views: (LoopsView & { readonly node: string })[] = [];
  for (const api of reachNodes(given)) views.push({ node: api.name, ...(await api.get<LoopsView>('/v1/loops')) });
  printResult(io, given.has('json'), views, () => views.map((view) => loopsText(view.node, view)).join('\n'));
  return views.every(({ stopped }) => stopped.length === 0) ? EXIT.ok : EXIT.failed;
}

const loopsText = (node: string, { stopped }: LoopsView): string =>
  stopped.length === 0
    ? `${node}: mọi vòng lặp đều chạy · every loop runs`
    : stopped.map((one) => `${node}: ${stoppedText(one)}`).join('\n');

async function turn(given: Given, io: Io, { loop, stopped }: { loop: string; stopped: boolean }): Promise<ExitCode> {
  const peer = given.find('peer');
  const body = { loop, stopped, ...(peer !== undefined && { peer }), ...actBody(given) };
  const api = oneNode(given);
  const view = await api.post<LoopsView>('/v1/loops', body, agencyFor(given));
  printResult(io, given.has('json'), view, () => loopsText(api.name, view));
  return EXIT.ok;
}
