/** What is said of nodes that end although nobody asked: at once, and again in the final table. */
import { endText, type Crash } from '#tools/embedded';
import { renderTable } from '../output/table.ts';

type Told = Readonly<Pick<Crash, 'node' | 'state' | 'code' | 'signal' | 'tail'>>;

/** One line, and for an end the last lines of the node's log. */
export function crashText(crash: Told, logFile: string): string {
  const { node, state, tail } = crash;
  if (state === 'running') return `✓ ${node} chạy lại · runs again`;
  const now =
    state === 'again'
      ? 'khởi động lại một lần… · is started once more…'
      : `không khởi động lại nữa · is not started again. Nhật ký · log: ${logFile}`;
  return `✗ ${node} DỪNG ĐỘT NGỘT · ENDED BY ITSELF (${endText(crash)}); ${now}\n${tail}`;
}

const NOW: Readonly<Record<Crash['state'], string>> = {
  again: 'đang khởi động lại · being started again',
  running: 'đã chạy lại · runs again',
  down: 'không chạy · down',
};

/** Empty when nothing crashed. */
export function crashTable(crashes: readonly Told[]): string {
  if (crashes.length === 0) return '';
  return renderTable(
    [{ head: 'Nút dừng đột ngột · node ended by itself' }, { head: 'vì · by' }, { head: 'sau đó · then' }],
    crashes.map((crash) => [crash.node, endText(crash), NOW[crash.state]]),
  );
}
