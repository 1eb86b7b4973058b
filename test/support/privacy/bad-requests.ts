/** Requests that are turned away (and searches that find nothing), each with planted values where an error message would like to repeat them. */
import { randomUUID } from 'node:crypto';
import { findContract } from '#libs/contracts';
import { COMMUNES, type Story } from '../story.ts';
import { TURNED_AWAY } from './planted.ts';

interface Bad {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
const { name, number, text } = TURNED_AWAY;
const AGENCY = 'H26.129.05';
const example = findContract('command', 'file-dossier', 1)?.example ?? {};
const file = (data: unknown, more: Partial<Bad> = {}): Bad => ({
  path: '/v1/dossiers',
  body: JSON.stringify({ id: randomUUID(), receivingAgency: AGENCY, data }),
  ...more,
});
const applicant = (members: object): object => ({
  ...example,
  applicant: { ...Object(example['applicant']), ...members },
});
/** A header holds bytes: UTF-8 as a client would send it. */
const inHeader = (value: string): string => Buffer.from(value).toString('latin1');

const BAD: readonly Bad[] = [
  file('', { body: `{"id":"${name}","data":{"applicant":{"fullName":"${name}","personalId":${number}` }),
  file('', { body: `${name} ${number}` }),
  file('', { body: JSON.stringify([name, number]) }),
  file({ [name]: number, [number]: { [text]: name } }),
  file({ ...example, [name]: number }),
  file(applicant({ fullName: { [name]: number }, personalId: name, phone: text, email: name, birthDate: number })),
  file(applicant({ personalId: `${number}9`, address: text })),
  file(applicant({ fullName: name.normalize('NFD') })),
  file(applicant({ fullName: `${name}\u0007` })),
  file({ ...example, procedure: { code: number, case: name }, channel: name, place: text }),
  file({ ...example, summary: `${text} `.repeat(4000) }),
  file(example, { headers: { 'lt-correlation-id': number } }),
  file(example, { headers: { 'if-match': inHeader(name), traceparent: number } }),
  file({}, { headers: { prefer: inHeader(`wait=${name}`) } }),
  file(example, { headers: { authorization: inHeader(`Bearer ${name}.${number}.${text}`) } }),
  file(example, { headers: { 'lt-agency': number, 'content-type': inHeader(`text/${name}`) } }),
  { path: `/v1/dossiers/${AGENCY}/${encodeURIComponent(name)}`, method: 'GET' },
  {
    path: `/v1/dossiers/${number}/${randomUUID()}/${encodeURIComponent(text)}`,
    body: JSON.stringify({ data: { name } }),
  },
  {
    path: `/v1/dossiers/${AGENCY}/${randomUUID()}/${encodeURIComponent(text)}`,
    body: JSON.stringify({ data: { name } }),
  },
  { path: `/v1/dossiers?code=${number}&state=${encodeURIComponent(name)}&cursor=${number}`, method: 'GET' },
  { path: `/v1/dossiers?agency=${AGENCY}&code=${number}`, method: 'GET' },
  { path: `/v1/${encodeURIComponent(name)}/${number}`, method: 'GET' },
  { path: `/v1/commands/${encodeURIComponent(text)}`, method: 'GET' },
  { path: `/v1/dossiers/${AGENCY}/${randomUUID()}/reveal`, body: JSON.stringify({ reason: name, note: text }) },
  { path: `/%E0%A4${number}`, method: 'GET' },
];

/** Sends them all as a clerk of a commune; gives those that did something, or broke something. */
export async function sendBadRequests(story: Story, ask: typeof fetch): Promise<readonly string[]> {
  const token = await story.token(AGENCY, 'clerk');
  const base = story.stack.urls.get(COMMUNES) ?? '';
  const wrong: string[] = [];
  for (const { path, method = 'POST', headers = {}, body } of BAD) {
    const given = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    };
    const answer = await ask(`${base}${path}`, {
      method,
      headers: { ...given, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 500 || (method === 'POST' && answer.ok))
      wrong.push(`${answer.status} ${method} ${path} ${JSON.stringify(headers)} ${body ?? ''}`);
  }
  return wrong;
}
