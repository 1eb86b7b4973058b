/** How a dossier comes in: at the counter, by post, online; its papers and its fee (Nghị định 61/2018 Art 16, 17, 22). */
import type { Applicant, DossierComponent, FileDossierData, Submitter } from '#libs/dossier';
import { msToInstant, type Instant } from '#libs/kernel';
import { STANDARD_CASE } from '#libs/procedures';
import { MIX } from './mix.ts';
import { addressOf, citizenApplicant, enterpriseApplicant, submitterOf } from './persons.ts';
import { personsConcerned } from './persons-concerned.ts';
import { PORTAL } from './reference.ts';
import type { Script } from './script.ts';

/** Certified copies and signatures: what enterprises ask for too. */
const ALSO_FOR_ENTERPRISES = ['2.000815', '2.000884', '2.000908'];

export type Components = Readonly<Record<string, DossierComponent>>;

/** False: refused at the desk; the dossier has ended. */
export function comeIn(script: Script): boolean {
  const { channel, receivingAgency } = script.application;
  if (channel === 'online') return comeInOnline(script);
  const actor = script.clerk(receivingAgency);
  const statement = statementOf(script);
  script.act('file-dossier', { agency: receivingAgency, role: 'clerk' }, { ...statement, actor });
  digitise(script, statement);
  return true;
}

function comeInOnline(script: Script): boolean {
  const { receivingAgency, incident } = script.application;
  const throughPortal = script.stage.portalAdapter && script.chance('portal').happens(MIX.throughPortal);
  const filer = throughPortal ? PORTAL : receivingAgency;
  script.act('file-dossier', { agency: filer, role: 'adapter' }, statementOf(script));
  script.pass(MIX.minutes.look);
  const chance = script.chance('intake');
  const clerk = { agency: receivingAgency, role: 'clerk' } as const;
  const actor = script.clerk(receivingAgency);
  if (incident === 'none' && chance.happens(MIX.refusedAtIntake)) {
    const note = 'Hồ sơ không đúng đối tượng thực hiện; đề nghị xem hướng dẫn trên Cổng Dịch vụ công.';
    script.act('refuse-intake', clerk, { reason: 'not-eligible', note, actor });
    return false;
  }
  if (incident === 'none' && chance.happens(MIX.supplementAtIntake)) completeOnline(script);
  script.act('receive-dossier', clerk, { actor });
  return true;
}

function completeOnline(script: Script): void {
  const { receivingAgency, version } = script.application;
  const actor = script.clerk(receivingAgency);
  const [first] = version.components;
  if (!first) return;
  const guidance = `Bản chụp "${first.nameVi}" bị mờ, đề nghị chụp lại.`;
  const items = { [first.code]: { reason: 'unclear', guidance } } as const;
  script.act('request-supplement', { agency: receivingAgency, role: 'clerk' }, { items, actor });
  script.pass(MIX.minutes.applicant);
  const components = { [first.code]: electronic };
  script.act('provide-supplement', { agency: receivingAgency, role: 'adapter' }, { components, complete: true });
  script.pass(MIX.minutes.look);
}

/** What the applicant states, the same whenever it is asked for. */
export function statementOf(script: Script): FileDossierData {
  const { application } = script;
  const { chance, channel, procedure, territory } = application;
  const online = channel === 'online';
  const who = whoComes(script);
  const returned = returnedHow(script, who.applicant);
  return {
    procedure: { code: procedure.code, case: STANDARD_CASE },
    channel,
    ...who,
    ...personsConcerned(procedure.code, chance.of('concerned'), script.stage.day.date),
    summary: `${procedure.nameVi} – ${who.applicant.fullName}`,
    place: { territory, area: `thon-0${chance.of('area').between(1, 9)}` },
    ...returned,
    notifier: online ? 'portal' : 'local',
    components: componentsOf(script),
    otherCodes: online ? [{ system: 'national-portal', code: portalCode(script) }] : [],
    receiveAtOnce: !online,
    ...(channel === 'public-post' ? { submittedAt: postedAt(application.arrivesAt) } : {}),
  };
}

/** The post office took it a day earlier. */
const postedAt = (arrivedAt: number): Instant => msToInstant(arrivedAt - 86_400_000);

type Who = Pick<FileDossierData, 'applicantKind' | 'applicant' | 'submittedBy'> & { readonly submitter?: Submitter };

function whoComes({ application }: Script): Who {
  const { chance, channel, territory, procedure } = application;
  const draw = chance.of('who');
  const reached = { territory, online: channel === 'online' };
  const enterprise = ALSO_FOR_ENTERPRISES.includes(procedure.code) && draw.happens(MIX.enterprise);
  const applicant = (enterprise ? enterpriseApplicant : citizenApplicant)(chance.of('applicant'), reached);
  const applicantKind = enterprise ? 'enterprise' : 'citizen';
  if (channel === 'public-post') return { applicantKind, applicant, submittedBy: 'postal-operator' };
  const submittedBy = enterprise ? 'submitter' : draw.weighted(MIX.handedInBy);
  if (submittedBy === 'applicant') return { applicantKind, applicant, submittedBy };
  return { applicantKind, applicant, submittedBy, submitter: submitterOf(chance.of('submitter'), submittedBy) };
}

/** Who pays elsewhere pays for the post, where the procedure itself is free. */
function returnedHow(
  { application }: Script,
  { address }: Applicant,
): Pick<FileDossierData, 'returnMethod' | 'returnAddress'> {
  const { chance, channel, incident, territory } = application;
  const methods = channel === 'online' ? MIX.returnMethodOnline : MIX.returnMethodOnPaper;
  const returnMethod = incident === 'paid-elsewhere' ? 'post' : chance.of('return').weighted(methods);
  if (returnMethod !== 'post') return { returnMethod };
  return { returnMethod, returnAddress: address ?? addressOf(chance.of('address'), territory) };
}

const portalCode = ({ application: { chance }, stage }: Script): string =>
  `G22.99-${stage.day.date.slice(2).replaceAll('-', '')}-${chance.of('portal-code').digits(6)}`;

export const electronic: DossierComponent = {
  form: 'electronic',
  digitised: true,
  reused: false,
  fromPersonalStore: false,
};
export const paper: DossierComponent = {
  form: 'paper',
  digitised: false,
  reused: false,
  fromPersonalStore: false,
  copies: 1,
};

/** The paper that a supplement will be about: it is there, and of no use. */
export const unclearComponent = ({ application: { version } }: Script) =>
  version.components.filter(({ required }) => required).at(-1);

/** What is handed in: every required paper, since a dossier is received complete (Art 17(1)). */
function componentsOf(script: Script): Components {
  const { channel, chance, version } = script.application;
  const draw = chance.of('components');
  const handedIn = version.components.filter(({ required }) => required || draw.happens(0.5));
  return Object.fromEntries(handedIn.map(({ code }) => [code, channel === 'online' ? electronic : paper]));
}

function digitise(script: Script, { components: handedIn = {} }: FileDossierData): void {
  const { receivingAgency, version } = script.application;
  if (!script.chance('digitised').happens(MIX.digitised)) return;
  const codes = version.components.filter(({ code, digitisable }) => digitisable && code in handedIn);
  if (codes.length === 0) return;
  script.pass(MIX.minutes.atTheDesk);
  const components = Object.fromEntries(codes.map(({ code }) => [code, { ...paper, digitised: true }]));
  const actor = script.clerk(receivingAgency);
  script.act('digitise-component', { agency: receivingAgency, role: 'clerk' }, { components, actor });
}
