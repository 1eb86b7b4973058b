/** Another process of a node does one errand on its databases, and is killed at a named point on the way. */
import { workClock } from '#libs/config';
import type { NodeId } from '#libs/kernel';
import { trustedKeyOf } from '#tools/embedded';
import { writtenKeys, type NodeErrand } from '../../libs/testing/mortal/errand.ts';
import type { Death } from '../../libs/testing/mortal/gate.ts';
import { startMortal } from '../../libs/testing/mortal/start-mortal.ts';
import { actFor, newDossier } from '../../libs/testing/test-acts.ts';
import { COMMUNES, type Story } from '../support/story.ts';
import type { Torment } from './scene.ts';

interface Point {
  readonly name: string;
  readonly does: NodeErrand['does'];
  readonly death: Death;
}
const point = (
  name: string,
  does: Point['does'],
  [port, method, when]: readonly [Death['port'], string, Death['when']],
) => ({
  name: `process killed ${name}`,
  does,
  death: { port, method, when, nth: 1 },
});
const POINTS: readonly Point[] = [
  point('between vault and ledger', 'act', ['vault', 'put', 'after']),
  point('between ledger and answer', 'act', ['store', 'append', 'after']),
  point('between commit and publish', 'relay', ['sender', 'send', 'before']),
  point('between publish and mark', 'relay', ['store', 'markSent', 'before']),
  point('between an event and the end of its automation', 'answer', ['store', 'append', 'after']),
  point('between a receipt and its mark', 'receipts', ['store', 'markReceiptSent', 'before']),
  point('between a checkpoint and its publication', 'checkpoint', ['store', 'saveCheckpoint', 'after']),
];
/** The others are quick: there is not always something left to be killed over. */
const TRIES = 8;
const NOT_MET = 'named point not met';

export const KILLED_AT_A_POINT: Torment = {
  name: 'process killed at a named point',
  run: async ({ story, chance }, { node, ms }) => {
    const drawn = POINTS[chance.of(`point/${ms}`).between(0, POINTS.length - 1)] as Point;
    const errand = errandOf(story, drawn.does === 'act' ? COMMUNES : node, drawn);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { signal } = await startMortal(errand).ended;
      if (signal === 'SIGKILL') return drawn.name;
    }
    return NOT_MET;
  },
};

function errandOf({ stack, clock }: Story, node: NodeId, { does, death }: Point): NodeErrand {
  const { record, folder } = stack;
  const found = record.nodes.find((one) => one.node === node);
  if (!found) throw new Error(`no node ${node}`);
  const { agencies, databases, kafka: sasl } = found;
  return {
    does,
    death,
    node: {
      wanted: { node, agencies, keysDir: folder.keysOf(node) },
      ledgerUrl: databases.ledger.appUrl,
      vaultUrl: databases.vault.appUrl,
      trusted: writtenKeys([trustedKeyOf(record)]),
    },
    now: workClock(clock, Date.now).now(),
    connection: { brokers: record.brokers, clientId: 'mortal', ...(sasl && { sasl }) },
    ...(does === 'act' && { act: actFor('file-dossier', newDossier()) }),
  };
}
