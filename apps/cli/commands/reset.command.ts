import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { forgetStack } from '#tools/embedded';
import { isDataDir } from '#tools/stack';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult } from '../output/io.ts';
import { DATA_DIR, dataDirOf } from '../reach/reach-nodes.ts';

export const resetCommand: Command = {
  name: 'reset',
  usage: '[--data-dir DIR]',
  summary: {
    vi: 'Quên hết dữ liệu của bộ chạy thử (từ chối khi đang chạy)',
    en: 'Forgets all state of the embedded stack (refuses while it runs)',
  },
  options: DATA_DIR,
  more: `  Máy chủ có sẵn (DATABASE_URL_…, KAFKA_BROKERS) không bị đụng tới.
  Servers that were given (DATABASE_URL_…, KAFKA_BROKERS) are not touched.`,
  async run(given, io) {
    const dir = resolve(dataDirOf(given));
    const there = existsSync(dir) && readdirSync(dir).length > 0;
    if (there && !isDataDir(dir)) {
      throw new UsageError(
        `${dir} không phải thư mục dữ liệu của lienthong, không xoá gì · is no data directory of lienthong; nothing was deleted`,
      );
    }
    if (there) await forgetStack(dir);
    printResult(io, given.has('json'), { dir, forgotten: there }, () =>
      there ? `Đã xoá · deleted: ${dir}` : `Không có gì để xoá · nothing to forget: ${dir}`,
    );
    return EXIT.ok;
  },
};
