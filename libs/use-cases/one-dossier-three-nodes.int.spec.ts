/** A dossier of a commune over three nodes: desk to desk, one history, names only where they are needed (design 4 and 8). */
import { describe, expect, it } from '@jest/globals';
import { committedPointers } from '#libs/exchange';
import { splitType, type JsonObject, type Subject } from '#libs/kernel';
import { ADAPTERS_AWAY, by, CITY, COMMUNE, DISTRICT, giaLam } from '../testing/gia-lam.ts';
import { act, acts, historyAt, namesAt, newDossier, nodeAt } from '../testing/test-acts.ts';
import type { TestNode } from '../testing/test-node.ts';
import { openData } from './decide/decision-context.ts';
import { openStored } from './stored-messages.ts';

const gialam = giaLam(ADAPTERS_AWAY);
const { exchange, leg } = gialam;

async function readableAt({ services }: TestNode, subject: Subject): Promise<JsonObject> {
  const first = (await services.store.readStream(subject, 'main'))[0];
  return first ? openData(services, openStored(first)) : {};
}
async function committedAt(
  { services }: TestNode,
  subject: Subject,
): Promise<readonly { name: string; missing: number }[]> {
  const events = (await services.store.readStream(subject, 'main')).map(openStored);
  const held = await services.vault.findPointers(events.map(({ hash }) => hash));
  return events.map((event) => ({
    name: splitType(event.message.type)?.name ?? '',
    missing: committedPointers(event).length - (held.get(event.hash)?.length ?? 0),
  }));
}

describe('a dossier that goes from the commune to the district and back', () => {
  const subject = newDossier();

  it('is seen by its superiors from the start, without a name', async () => {
    await acts(gialam.world, subject, ['file-dossier', by(COMMUNE)]);
    await exchange();
    for (const superior of [DISTRICT, CITY]) {
      expect(await namesAt(nodeAt(gialam.world, superior), subject)).toEqual(['received']);
      expect(await readableAt(nodeAt(gialam.world, superior), subject)).not.toHaveProperty('applicant.fullName');
      expect((await committedAt(nodeAt(gialam.world, superior), subject))[0]?.missing).toBeGreaterThan(5);
    }
    expect(await readableAt(nodeAt(gialam.world, COMMUNE), subject)).toHaveProperty(
      'applicant.fullName',
      'Nguyễn Thị Hòa',
    );
  });

  it('is accepted by the district once the openings are there; the district, superior first, reads the name', async () => {
    await acts(gialam.world, subject, ['forward', by(COMMUNE, leg(DISTRICT, 'route'))]);
    await exchange();
    expect(await namesAt(nodeAt(gialam.world, CITY), subject)).toEqual(['received', 'forwarded', 'custody-accepted']);
    expect(await readableAt(nodeAt(gialam.world, DISTRICT), subject)).toHaveProperty(
      'applicant.fullName',
      'Nguyễn Thị Hòa',
    );
    expect((await committedAt(nodeAt(gialam.world, DISTRICT), subject)).every(({ missing }) => missing === 0)).toBe(
      true,
    );
  });

  it('is worked on, settled, given back and returned; all three nodes hold the same bytes', async () => {
    await acts(
      gialam.world,
      subject,
      ['start-processing', by(DISTRICT)],
      ['complete-step', by(DISTRICT)],
      ['resolve', by(DISTRICT)],
      ['forward', by(DISTRICT, leg(COMMUNE, 'return'))],
    );
    await exchange();
    await acts(gialam.world, subject, ['mark-result-ready', by(COMMUNE)], ['return-result', by(COMMUNE)]);
    await exchange();
    const history = await historyAt(nodeAt(gialam.world, COMMUNE), subject);
    expect(history).toHaveLength(10);
    for (const agency of [DISTRICT, CITY])
      expect(await historyAt(nodeAt(gialam.world, agency), subject)).toEqual(history);
    const { state } = await nodeAt(gialam.world, CITY).services.shelf.load(subject);
    expect(state.situation).toBe('Returned');
    expect((await committedAt(nodeAt(gialam.world, COMMUNE), subject)).every(({ missing }) => missing === 0)).toBe(
      true,
    );
  });

  it('has left a row for every opening sent, and nothing personal with the city', async () => {
    const first = (await nodeAt(gialam.world, COMMUNE).services.store.readStream(subject, 'main'))[0];
    const sent = await nodeAt(gialam.world, COMMUNE).services.vault.findSent(first!.hash);
    expect(new Set(sent.map(({ receiver, purpose }) => `${receiver} ${purpose}`))).toEqual(
      new Set(['gialam-district forwarded', 'city-adapters national-portal-adapter']),
    );
    const openAtCity = (await committedAt(nodeAt(gialam.world, CITY), subject)).filter(({ missing }) => missing === 0);
    expect(openAtCity.map(({ name }) => name)).toEqual(['custody-accepted', 'custody-accepted']);
    expect(await readableAt(nodeAt(gialam.world, CITY), subject)).not.toHaveProperty('applicant.fullName');
  });

  it('is refused what its state does not allow, with code, sentences and what is allowed', async () => {
    const acted = await act(gialam.world, 'resolve', subject, by(COMMUNE));
    expect(acted).toMatchObject({ kind: 'refused', code: 'COMMAND_NOT_ALLOWED', situation: 'Returned' });
  });
});
