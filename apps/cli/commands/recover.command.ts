import type { RecoveryView } from '#libs/http-api';
import { stateLives } from '#tools/embedded';
import type { Command, Given } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult, type Io } from '../output/io.ts';
import { count } from '../output/table.ts';
import { ProgressLine } from '../output/progress-line.ts';
import type { NodeApi } from '../reach/node-api.ts';
import { getStack, nodesIn, REACH, reachNodes } from '../reach/reach-nodes.ts';

const LOOK_MS = 500;
const DEFAULT_PATIENCE_S = 600;
const RECOVERY_REASONS = ['backup-restored', 'database-moved', 'mark-lost', 'peer-does-not-answer', 'other'] as const;

export const recoverCommand: Command = {
  name: 'recover',
  usage: '--node NODE [--reason CODE] [--note TEXT] [--without NODE …] [--wait SECONDS]',
  summary: {
    vi: 'Sau khi cơ sở dữ liệu bị đưa về trạng thái cũ: lấy lại từ các nút khác những gì thiếu, rồi bắt đầu một đời mới',
    en: 'After a database was put back to an earlier state: fetches what it lacks from the peers, then begins the next life',
  },
  options: {
    ...REACH,
    without: {
      type: 'string',
      multiple: true,
      value: 'NODE',
      about: { vi: 'Không chờ nút này', en: 'Does not wait for this node; several times' },
    },
    wait: {
      type: 'string',
      value: 'SECONDS',
      about: {
        vi: `Theo dõi nhiều nhất ngần này giây (mặc định ${DEFAULT_PATIENCE_S}); việc khôi phục vẫn tiếp tục`,
        en: `Watches for at most so long (default ${DEFAULT_PATIENCE_S}); the recovery goes on`,
      },
    },
    reason: {
      type: 'string',
      value: 'CODE',
      about: {
        vi: `Lý do được ghi lại: ${RECOVERY_REASONS.join(', ')} (mặc định ${RECOVERY_REASONS[0]})`,
        en: `Reason that is recorded (default ${RECOVERY_REASONS[0]})`,
      },
    },
    note: { type: 'string', value: 'TEXT', about: { vi: 'Ghi chú được ghi lại', en: 'Note that is recorded' } },
    agency: { type: 'string', value: 'CODE', about: { vi: 'Thay mặt cơ quan này', en: 'Agency acted for' } },
  },
  more: `  Gọi lại khi đang khôi phục thì tiếp tục, với --without mới · called again, it goes on with the --without then given.
  Nút không trả lời được bỏ qua bằng --without: những gì chỉ nút đó giữ sẽ đến sau, và thua nhánh đã đi tiếp.
  What only a node left out holds comes later, and loses against a branch that has gone on.`,
  async run(given, io) {
    const [api, ...others] = reachNodes(given);
    if (!api || others.length > 0) throw new UsageError('--node: khôi phục từng nút một · one node at a time');
    const agency = given.find('agency') ?? firstAgency(given);
    const [reason, note] = [given.find('reason') ?? RECOVERY_REASONS[0], given.find('note')];
    const order = { without: given.all('without'), reason, ...(note === undefined ? {} : { note }) };
    await api.post<RecoveryView>('/v1/recovery', order, agency);
    const patienceMs = (given.number('wait', [1, 1_000_000]) ?? DEFAULT_PATIENCE_S) * 1000;
    const found = await watch(api, io, patienceMs);
    if (found.state === 'alive' && given.find('url') === undefined) await stateLives(getStack(given).folder);
    printResult(io, given.has('json'), found, () => textOf(api.name, found));
    return exitCodeFor(found);
  },
};

function firstAgency(given: Given): string {
  if (given.find('url') !== undefined) return given.get('agency');
  return nodesIn(getStack(given), given)[0]?.agencies[0] ?? given.get('agency');
}

const exitCodeFor = ({ state }: RecoveryView): ExitCode => (state === 'alive' ? EXIT.ok : EXIT.failed);

async function watch(api: NodeApi, io: Io, patienceMs: number): Promise<RecoveryView> {
  const line = new ProgressLine(io);
  const until = performance.now() + patienceMs;
  try {
    for (;;) {
      const found = await api.get<RecoveryView>('/v1/recovery');
      if (found.state !== 'recovering' || performance.now() > until) return found;
      line.show(`${api.name}: ${progressText(found)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    line.end();
  }
}

function progressText({ peers, wanted, missing }: RecoveryView): string {
  const done = peers.filter((peer) => peer.done).length;
  const streams = peers.reduce((sum, peer) => sum + peer.streams, 0);
  return `nút đã trả lời · peers ${done} / ${peers.length}, chuỗi · streams ${count(streams)}, còn thiếu · wanted ${count(wanted)}, trên đường · on lines ${count(missing)}`;
}

function textOf(node: string, found: RecoveryView): string {
  if (found.state === 'alive')
    return `${node}: đã khôi phục, đời thứ ${found.life} · recovered, life ${found.life} (${progressText(found)})`;
  const silent = found.peers.filter(({ done }) => !done).map(({ peer }) => peer);
  const waits = silent.length > 0 ? `; chưa trả lời · silent: ${silent.join(', ')} (--without)` : '';
  return `${node}: ${found.state}, đời thứ ${found.life} · life ${found.life}: ${progressText(found)}${waits}`;
}
