import type { Command, Given } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printResult } from '../output/io.ts';
import { getStack, REACH, reachNodes } from '../reach/reach-nodes.ts';
import { findDossier, readName, type FoundDossier } from '../show/history-source.ts';
import { findInLedger } from '../show/ledger-source.ts';
import { custodyLine, fateOf, momentOf, timelineText } from '../show/timeline.ts';

export const showCommand: Command = {
  name: 'show',
  usage: 'DOSSIER',
  summary: {
    vi: 'Lịch sử hồ sơ: ai, ở đâu, khi nào, việc gì, còn bao nhiêu ngày; dữ liệu cá nhân được che',
    en: 'History of a dossier: who, where, when, what, days left; personal data masked',
  },
  takes: 1,
  options: {
    ...REACH,
    database: {
      type: 'string',
      value: 'URL',
      about: { vi: 'Đọc thẳng từ cơ sở dữ liệu sổ cái', en: 'Read straight from a ledger’s database' },
    },
  },
  more: `  DOSSIER  mã hồ sơ · dossier code, UUID, <cơ quan · agency>/<uuid>, dossier/<cơ quan · agency>/<uuid>
  Giờ Việt Nam · times of Viet Nam.`,
  async run(given, io) {
    const named = readName(given.rest[0]);
    const database = given.find('database');
    const found = await (database === undefined ? findAtNodes(given, named) : findInLedger(database, named));
    if (!found) {
      io.err(`Không tìm thấy hồ sơ · no such dossier: ${given.rest[0]}\n`);
      return EXIT.failed;
    }
    printResult(io, given.has('json'), jsonOf(found), () => timelineText(found, io.width));
    return EXIT.ok;
  },
};

function findAtNodes(given: Given, named: ReturnType<typeof readName>): Promise<FoundDossier | undefined> {
  const agencies = given.find('url') === undefined ? getStack(given).record.nodes.flatMap((node) => node.agencies) : [];
  return findDossier(reachNodes(given), agencies, named);
}

const jsonOf = ({ node, dossier, history }: FoundDossier): object => ({
  node,
  dossier,
  custody: custodyLine(history.events, dossier),
  timeline: history.events.map((event) => momentOf(event, dossier)),
  superseded: history.superseded.map((event) => ({ ...momentOf(event), fate: fateOf(event, dossier) })),
});
