/** What the start says while it works: one line for each thing done, with the time it took, Vietnamese and English. */
import type { Phase, RunPhase } from '#tools/embedded';
import type { Bilingual, Say } from '#tools/stack';
import type { Io } from '../output/io.ts';
import { pad } from '../output/text-width.ts';
import { showDuration } from '../output/times.ts';

const PHASES: Readonly<Record<Phase, Bilingual>> = {
  postgres: { vi: 'PostgreSQL', en: 'PostgreSQL' },
  kafka: { vi: 'Apache Kafka', en: 'Apache Kafka' },
  keys: { vi: 'Khoá của các nút và cơ quan', en: 'keys of nodes and agencies' },
  databases: { vi: 'Cơ sở dữ liệu sổ cái và kho dữ liệu cá nhân', en: 'ledger and vault databases' },
  broker: { vi: 'Chủ đề, người dùng và quyền trên Kafka', en: 'topics, users and ACLs' },
  directory: { vi: 'Danh bạ có chữ ký', en: 'signed directory' },
  nodes: { vi: 'Ba nút', en: 'nodes ready' },
};

export class Narrator {
  private readonly io: Io;
  private readonly started = performance.now();

  constructor(io: Io) {
    this.io = io;
  }

  readonly say: Say = ({ vi, en }) => this.line(vi === en ? vi : `${vi} · ${en}`);

  line(text: string): void {
    const seconds = ((performance.now() - this.started) / 1000).toFixed(1);
    this.io.err(`[${pad(seconds, 6, 'right')} s] ${text}\n`);
  }

  readonly runPhase: RunPhase = async (phase, work) => {
    const began = performance.now();
    const result = await work();
    const { vi, en } = PHASES[phase];
    const title = vi === en ? vi : `${vi} · ${en}`;
    this.line(`✓ ${title} (${showDuration(performance.now() - began)})`);
    return result;
  };
}
