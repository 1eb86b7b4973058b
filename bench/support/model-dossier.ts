/**
 * A dossier of ten events with real content, acted once through the use case; the contenders of `append.ts` write its
 * events again and again under other names. Its events are owed to two nodes and commit to 44 personal values in all.
 */
import { createHash } from 'node:crypto';
import { openPersonal, parseDisclosure, type HeadFields } from '#libs/exchange';
import { splitType, type JsonObject, type SealedMessage, type UnsignedMessage } from '#libs/kernel';
import { actOnDossier, openStored } from '#libs/use-cases';
import type { DossierCommandName } from '#libs/dossier';
import { actFor, newDossier } from '../../libs/testing/test-acts.ts';
import type { TestNode } from '../../libs/testing/test-node.ts';

const STEPS = [1, 2, 3, 4].flatMap((): DossierCommandName[] => ['assign-step', 'complete-step']);
export const COMMANDS: readonly DossierCommandName[] = ['file-dossier', 'start-processing', ...STEPS];

export interface ModelEvent {
  readonly name: string;
  readonly sealed: SealedMessage;
  /** Members that stay the same whatever dossier it is. */
  readonly unsigned: UnsignedMessage;
  /** Open form: personal values in clear at their places. */
  readonly data: JsonObject;
}
export interface ModelDossier {
  readonly events: readonly ModelEvent[];
  readonly head: HeadFields;
  /** Of the events' bytes, in the mean. */
  readonly bytes: number;
  readonly disclosures: number;
}

export async function actModelDossier({ services }: TestNode): Promise<ModelDossier> {
  const subject = newDossier();
  for (const command of COMMANDS) {
    const acted = await actOnDossier(services, actFor(command, subject));
    if (acted.kind !== 'answered') throw new Error(`${command}: ${JSON.stringify(acted)}`);
  }
  const main = (await services.store.readStream(subject, 'main')).map(openStored);
  const { subject: _, revision: __, ...head } = (await services.store.findHead(subject)) ?? fail();
  const held = await services.vault.find(main.map(({ hash }) => hash));
  const events = main.map((sealed): ModelEvent => {
    const { signature: ___, ...unsigned } = sealed.message;
    const opened = held.filter(({ event }) => event === sealed.hash);
    const fields = opened.flatMap(({ disclosure }) => parseDisclosure(disclosure) ?? []);
    const name = splitType(unsigned.type)?.name ?? fail();
    return { name, sealed, unsigned, data: openPersonal(unsigned.data, fields) };
  });
  const bytes = events.reduce((sum, { sealed }) => sum + sealed.bytes.length, 0) / events.length;
  return { events, head, bytes, disclosures: held.length };
}

function fail(): never {
  throw new Error('the model dossier is not whole');
}

/** As long as a fingerprint of key custody is. */
export const FINGERPRINT = `1.${createHash('sha256').update('bench').digest('base64url')}`;
