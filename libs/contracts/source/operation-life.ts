/** What operators did about the life of a node (design 5, *Life*), and how it ended: events of the node. */
import { integer, node, object, openCode, optional, personalText, setOf } from '../build.ts';
import type { Contract } from '../schema.ts';
import { written } from './event.ts';

const life = integer('Đời thứ', 'Life', { min: 2 });
const kept = integer('Số bản ghi còn lại khi bắt đầu', 'Entries kept at its beginning');

export const lifeEvents: readonly Contract[] = [
  written('operation', 'recovery-ordered', {
    vi: 'Đã ra lệnh khôi phục từ các nút khác',
    en: 'Recovery ordered',
    data: object({
      life,
      kept,
      without: setOf('Không chờ các nút này', 'Nodes that are not waited for', node('Nút', 'Node'), { max: 10_000 }),
      reason: openCode('Lý do', 'Reason', [
        'backup-restored',
        'database-moved',
        'mark-lost',
        'peer-does-not-answer',
        'other',
      ]),
      note: optional(personalText('Ghi chú', 'Note', { subject: 'officer' })),
    }),
    example: { life: 2, kept: 41_207, without: ['hanoi-city'], reason: 'backup-restored' },
  }),
  written('operation', 'recovery-completed', {
    vi: 'Đã khôi phục xong, nút ký trở lại',
    en: 'Recovery completed',
    data: object({ life, kept, fetched: integer('Số bản ghi đã lấy lại', 'Entries fetched') }),
    example: { life: 2, kept: 41_207, fetched: 96 },
  }),
];
