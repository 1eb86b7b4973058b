/** The work of three nodes on a dossier in which every field that a desk may fill holds a planted value. */
import { expect } from '@jest/globals';
import type { DossierView } from '#libs/http-api';
import { eventually } from '../../../libs/testing/eventually.ts';
import { nodeOfAgency, toDistrict, type Given, type Story } from '../story.ts';
import { appraiser, ERASED, filing, KEPT, notice, otherFiling, receptionist } from './planted.ts';

const [COMMUNE, AT_DISTRICT, AT_CITY] = ['H26.129.05', 'H26.129', 'H26'] as const;
const by = (agency: string, data: object, more: Pick<Given, 'role' | 'wait'> = {}): Given => ({
  agency,
  data: { ...data },
  ...more,
});

const pathOf = (subject: string): string => `/v1/${subject.replace('dossier/', 'dossiers/')}`;

/** From the desk to the district, the city's opinion, the supplement from the commune, and back into the citizen's hand. */
export async function workThrough(story: Story, subject: string, other: string): Promise<void> {
  const forward = by(COMMUNE, { ...toDistrict, actor: receptionist });
  await story.acts(subject, ['file-dossier', by(COMMUNE, filing)], ['forward', forward]);
  await story.acts(other, ['file-dossier', by(COMMUNE, otherFiling)], ['forward', forward]);
  for (const one of [subject, other]) await inHand(story, one, AT_DISTRICT);
  await story.acts(subject, ['start-processing', by(AT_DISTRICT, { actor: appraiser })]);
  await askTheCity(story, subject);
  await supplement(story, subject);
  await revealAll(story, subject);
  await settle(story, subject);
}

/** Until the agency's own node shows the dossier in its hand. */
const inHand = (story: Story, subject: string, agency: string): Promise<void> =>
  eventually(async () => expect((await story.dossier(subject, nodeOfAgency(agency))).body.custodian).toBe(agency));

async function askTheCity(story: Story, subject: string): Promise<void> {
  const fields = ['/applicant/fullName', '/applicant/personalId'];
  const asked = { agency: AT_CITY, fields, question: ERASED.question, actor: appraiser };
  await story.acts(subject, ['request-opinion', by(AT_DISTRICT, asked, { role: 'officer' })]);
  const opinion = { opinion: ERASED.opinion, notice, actor: appraiser };
  await eventually(async () => {
    const { body } = await story.ask<DossierView>({ agency: AT_CITY, role: 'officer', path: pathOf(subject) });
    expect(body.allowed).toContain('give-opinion');
  });
  const given = await story.give('give-opinion', subject, by(AT_CITY, opinion, { role: 'officer', wait: 25 }));
  expect(given).toMatchObject({ status: 200, body: { status: 'accepted' } });
}

/** Commands of the commune while the dossier is at the district: one is taken, one refused there. */
async function supplement(story: Story, subject: string): Promise<void> {
  const items = { '1.001193.C02': { reason: 'missing', guidance: ERASED.guidance } };
  await story.acts(subject, ['request-supplement', by(AT_DISTRICT, { items, notice, actor: appraiser })]);
  const bring = (note: string) =>
    story.give('provide-supplement', subject, by(COMMUNE, { note, actor: receptionist }, { wait: 25 }));
  expect(await bring(ERASED.supplement)).toMatchObject({ status: 200, body: { status: 'accepted' } });
  expect(await bring(ERASED.refused)).toMatchObject({ status: 409, body: { code: 'SUPPLEMENT_NOT_OPEN' } });
}

/** Everything is there to be seen by whoever may: else it could not be found where it should not be. */
async function revealAll(story: Story, subject: string): Promise<void> {
  const seen = async (agency: string, role: string): Promise<string> => {
    const body = { reason: 'handling', note: KEPT.revealNote };
    const answer = await story.ask<unknown>({ agency, role, path: `${pathOf(subject)}/reveal`, body });
    expect(answer.status).toBe(200);
    return JSON.stringify(answer.body);
  };
  const atDistrict = await seen(AT_DISTRICT, 'officer');
  for (const value of [ERASED.number, ERASED.address, ERASED.child, ERASED.opinion, ERASED.supplement])
    expect(atDistrict).toContain(value);
  expect(await seen(COMMUNE, 'clerk')).toContain(ERASED.summary);
  const atCity = await seen(AT_CITY, 'officer');
  expect(atCity).toContain(ERASED.question);
  expect(atCity).not.toContain(ERASED.address);
}

async function settle(story: Story, subject: string): Promise<void> {
  const results = {
    r1: { code: 'KQ.G15.000031', number: '56/2023', signedOn: '2023-06-14', signer: KEPT.signer, electronic: true },
  };
  const back = { to: COMMUNE, reason: 'return', legDueAt: toDistrict.legDueAt, actor: appraiser };
  await story.acts(
    subject,
    ['resolve', by(AT_DISTRICT, { results, actor: appraiser })],
    ['forward', by(AT_DISTRICT, back)],
  );
  await inHand(story, subject, COMMUNE);
  const { body } = await story.ask<{ events: readonly { hash: string }[] }>({
    agency: COMMUNE,
    path: `${pathOf(subject)}/events`,
  });
  const correction = {
    corrects: body.events[0]?.hash,
    fields: ['/applicant/fullName'],
    applicant: { fullName: ERASED.corrected },
    note: ERASED.correction,
    actor: receptionist,
  };
  await story.acts(
    subject,
    ['return-result', by(COMMUNE, { recipient: ERASED.recipient, actor: receptionist })],
    ['correct', by(COMMUNE, correction, { role: 'officer' })],
  );
}

/** By the privacy officer; gives the hash of the event once every node has told every other that its copies are gone. */
export async function erase(story: Story, subject: string): Promise<string> {
  const data = {
    subjects: ['applicant', 'submitter', 'c1', 'f1'],
    reason: 'subject-request',
    actor: { ...receptionist, name: KEPT.privacy, officerCode: KEPT.privacyCode },
  };
  const given = by(COMMUNE, data, { role: 'privacy-officer' });
  const [erased] = await story.acts(subject, ['erase-personal-data', given]);
  return erased?.events?.[0]?.hash ?? '';
}
