/** What interrupts the work on a dossier (Nghị định 61/2018 Art 19(4), (5), (9)); asked and answered across agencies. */
import { addWorkingDays } from '#libs/calendar';
import type { AgencyCode, Instant } from '#libs/kernel';
import { limitFor } from '#libs/procedures';
import { MIX } from './mix.ts';
import { CITY, DISTRICT } from './reference.ts';
import { agencyAt } from './scenario.custody.ts';
import { paper, unclearComponent } from './scenario.intake.ts';
import { payElsewhere } from './scenario.money.ts';
import type { Script } from './script.ts';

const OPINION_DAYS = 2;
const APPLICANT_DAYS = 10;
/** Beyond the limit: later than any due date that this day can have led to. */
const EXTENSION_DAYS = 5;

const daysLater = ({ stage, now }: Script, days: number): Instant => addWorkingDays(stage.calendar, now, days);
const noticeOf = (script: Script, kind: string) => ({
  number: `${script.chance(`number/${kind}`).between(1, 990)}/${kind}-UBND`,
  signedOn: script.stage.day.date,
  signer: script.head(script.holder).name,
});

/** Whoever has the dossier asks; the applicant comes to the one-stop unit that received it. */
function supplement(script: Script, role: string): void {
  const { holder: agency, application } = script;
  const component = unclearComponent(script);
  if (!component) return;
  const guidance = `Đề nghị nộp "${component.nameVi}" bản rõ, đủ chữ ký.`;
  script.act(
    'request-supplement',
    { agency, role: 'officer' },
    {
      items: { [component.code]: { reason: 'unclear', guidance } },
      applicantDueAt: daysLater(script, APPLICANT_DAYS),
      notice: noticeOf(script, 'PBS'),
      actor: script.appraiser(agency, role),
    },
  );
  script.pass(MIX.minutes.applicant);
  const home = application.receivingAgency;
  script.act(
    'provide-supplement',
    { agency: home, role: 'clerk' },
    {
      components: { [component.code]: { ...paper, digitised: true } },
      complete: true,
      note: 'Công dân nộp bổ sung tại quầy.',
      actor: script.clerk(home),
    },
  );
  script.pass(MIX.minutes.look);
}

interface Question {
  readonly agency: AgencyCode;
  readonly kind: 'opinion' | 'task';
  readonly duty: string;
  readonly request: string;
  /** Of the officer who asks, as routes name it. */
  readonly role: string;
}

/** Asked of another agency, which answers from its own node. A task is finished, an opinion is given. */
export function ask(script: Script, { role, ...question }: Question): void {
  const { holder } = script;
  const { agency, kind, request } = question;
  const by = { agency: holder, role: 'officer' } as const;
  script.act('request-opinion', by, {
    ...question,
    dueAt: daysLater(script, OPINION_DAYS),
    fields: ['/applicant/fullName', '/applicant/personalId', '/applicant/address'],
    question: 'Đề nghị xác minh thông tin về nơi cư trú và tình trạng của người nộp hồ sơ.',
    actor: script.appraiser(holder, role),
  });
  script.pass(MIX.minutes.opinion);
  const answers = { agency, role: 'officer' } as const;
  const actor = script.appraiser(agency, 'oneStop');
  const opinion = 'Qua xác minh, thông tin trong hồ sơ là đúng.';
  if (kind === 'task') script.act('finish-task', answers, { request, result: 'done', opinion, actor });
  else script.act('give-opinion', answers, { request, verdict: 'agree', opinion, actor });
  script.pass(MIX.minutes.look);
}

/** Somebody else than who has the dossier: above a commune the district, beside or above the district another. */
export function otherAgency(script: Script): AgencyCode {
  const { holder } = script;
  if (holder !== DISTRICT) return DISTRICT;
  return script.chance('asked').happens(0.5) ? CITY : agencyAt(script, 'commune');
}

function withdraw(script: Script): void {
  const home = script.application.receivingAgency;
  script.pass(MIX.minutes.applicant);
  const note = 'Công dân có đơn xin rút hồ sơ.';
  const actor = script.clerk(home);
  script.act(
    'withdraw',
    { agency: home, role: 'clerk' },
    { requestedBy: 'applicant', note, originalsReturned: true, actor },
  );
}

function extend(script: Script): void {
  const { holder: agency, application } = script;
  const limit = limitFor(application.version, application.channel);
  script.act(
    'extend-due-date',
    { agency, role: 'head' },
    {
      dueAt: daysLater(script, limit.value + EXTENSION_DAYS),
      reason: 'verification-needed',
      note: 'Cần thêm thời gian xác minh thực tế.',
      apology: noticeOf(script, 'PXL'),
      legalBasis: 'Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9',
      actor: script.head(agency),
    },
  );
  script.pass(MIX.minutes.look);
}

/** Lets happen what is to happen during the work. True: the dossier has ended by it. */
export function meetIncident(script: Script, role: string): boolean {
  switch (script.application.incident) {
    case 'supplement':
      supplement(script, role);
      return false;
    case 'opinion':
      ask(script, { agency: otherAgency(script), kind: 'opinion', duty: 'verify', request: 'o1', role });
      return false;
    case 'paid-elsewhere':
      payElsewhere(script);
      return false;
    case 'extended':
      extend(script);
      return false;
    case 'withdrawn':
      withdraw(script);
      return true;
    case 'misdirected':
    case 'recalled':
    case 'refused':
    case 'none':
      return false;
  }
}
