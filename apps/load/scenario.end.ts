/** How a dossier ends: decided, brought back to the one-stop unit that received it, handed out (Art 19(7), 19(8), 20). */
import type { FileDossierData, ReturnResultData } from '#libs/dossier';
import { limitFor } from '#libs/procedures';
import { MIX } from './mix.ts';
import { handOver, wayTo } from './scenario.custody.ts';
import { statementOf } from './scenario.intake.ts';
import type { Script } from './script.ts';

const PAPERS = ['r1'];

/** By the head of whoever has it: resolved, or refused with its notice. */
export function decideOn(script: Script): void {
  const { holder: agency, application, stage } = script;
  script.pass(MIX.minutes.decision);
  const by = { agency, role: 'head' } as const;
  const actor = script.head(agency);
  const paper = { signedOn: stage.day.date, signer: actor.name };
  const number = script.chance('result').between(1, 990);
  if (application.incident === 'refused') {
    script.act('refuse', by, {
      reason: 'not-eligible',
      note: 'Không đủ điều kiện giải quyết theo quy định.',
      legalBasis: 'Nghị định 61/2018/NĐ-CP, Điều 19 khoản 8',
      notice: { number: `${number}/TB-UBND`, ...paper },
      actor,
    });
    return;
  }
  const { code } = application.version.result;
  const results = { r1: { code, number: `${number}/${stage.day.date.slice(0, 4)}`, ...paper, electronic: true } };
  script.act('resolve', by, { polarity: 'positive', results, actor });
}

/** What has ended elsewhere goes back to where it came in, and nowhere else. */
export function bringHome(script: Script): void {
  const { legs, receivingAgency } = script.application;
  const last = legs.at(-1);
  if (script.holder === receivingAgency || !last) return;
  const deliver = last.steps.at(-1);
  const way = wayTo(script, last, 'return');
  handOver(script, deliver ? { ...way, step: deliver.task, stepNumber: deliver.step } : way);
}

/** A result that is sent by post arrives another day. */
export function handOut(script: Script): void {
  const { receivingAgency: agency, version, channel } = script.application;
  if (script.application.incident === 'refused') return;
  const filed = statementOf(script);
  const clerk = { agency, role: 'clerk' } as const;
  const actor = script.clerk(agency);
  if (limitFor(version, channel).unit !== 'instant') {
    script.pass(MIX.minutes.look);
    script.act('mark-result-ready', clerk, { announced: true, actor });
  }
  script.pass(MIX.minutes.collection);
  if (filed.returnMethod === 'post') {
    const tracking = `EX${script.chance('tracking').digits(9)}VN`;
    script.act('dispatch-result', clerk, { carrier: 'public-post', papers: PAPERS, tracking, actor });
    return;
  }
  const returned = { method: filed.returnMethod, recipientIs: recipientOf(filed), papers: PAPERS };
  script.act('return-result', clerk, { ...returned, originalsReturned: filed.returnMethod === 'counter', actor });
  rate(script);
}

const recipientOf = ({ submittedBy }: FileDossierData): ReturnResultData['recipientIs'] =>
  submittedBy === 'submitter' || submittedBy === 'proxy' ? submittedBy : 'applicant';

function rate(script: Script): void {
  const chance = script.chance('rating');
  if (!chance.happens(MIX.rated)) return;
  script.pass(MIX.minutes.atTheDesk);
  const { receivingAgency: agency, channel } = script.application;
  const source = channel === 'online' ? 'national-portal' : 'survey-computer';
  script.act('rate-satisfaction', { agency, role: 'clerk' }, { rating: chance.weighted(MIX.ratings), source });
}
