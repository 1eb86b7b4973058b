/** From hand to hand (design 4): along the route, back, to the wrong door, called back. */
import type { ForwardData } from '#libs/dossier';
import type { AgencyCode } from '#libs/kernel';
import type { Leg } from '#libs/procedures';
import { MIX } from './mix.ts';
import { CITY, DISTRICT } from './reference.ts';
import type { Script } from './script.ts';

/** The agency that has a leg: the commune where the dossier came in, or where it belongs. */
export function agencyAt({ application, stage }: Script, level: Leg['level']): AgencyCode {
  if (level === 'city') return CITY;
  if (level === 'district') return DISTRICT;
  const { receivingAgency, territory } = application;
  if (receivingAgency !== DISTRICT) return receivingAgency;
  return stage.communes.find((commune) => commune.territory === territory)?.code ?? receivingAgency;
}

export interface Way {
  readonly to: AgencyCode;
  readonly reason: ForwardData['reason'];
  /** First step of the leg that begins. */
  readonly step: string;
  readonly stepNumber: number;
}
export function wayTo(script: Script, { level, steps: [first] }: Leg, reason: ForwardData['reason']): Way {
  return { to: agencyAt(script, level), reason, step: first?.task ?? 'receive', stepNumber: first?.step ?? 1 };
}

/** Forwarded, and accepted there: by the node itself, or by somebody where the agency wants it so. */
export function handOver(script: Script, way: Way): void {
  const byHand = script.stage.acceptsByHand.has(way.to);
  send(script, way, byHand ? 0 : 1);
  script.pass(MIX.minutes.handOver);
  if (!byHand) return;
  const actor = script.clerk(way.to);
  script.act('accept-custody', { agency: way.to, role: 'clerk' }, { actor });
  script.pass(MIX.minutes.look);
}

function send(script: Script, way: Way, follows: number): void {
  script.pass(MIX.minutes.look);
  const agency = script.holder;
  script.act('forward', { agency, role: 'clerk' }, { ...way, actor: script.clerk(agency) }, { follows });
  script.holder = way.to;
}

/** What a race is lost on: the transfer is not open any more. */
const ACCEPTED_MEANWHILE = ['COMMAND_NOT_ALLOWED'];

/**
 * Sent past the next level. The agency named declines for want of competence (Art 18(3)); where its node has accepted first,
 * it hands the dossier to the competent one instead. Both ways lead there.
 */
export function misdirect(script: Script, next: Way): void {
  const home = script.holder;
  const wrong = home === DISTRICT ? script.chance('wrong').pick(script.stage.communes).code : CITY;
  send(script, { ...next, to: wrong }, 0);
  script.pass(MIX.minutes.handOver);
  const won = script.fork('declined');
  won.holder = home;
  handOver(won, next);
  const lost = script.fork('accepted');
  handOver(lost, { ...next, reason: 'wrong-competence' });
  const race = { lostOn: ACCEPTED_MEANWHILE, won: won.steps, lost: lost.steps };
  const actor = script.clerk(wrong);
  script.act('decline-custody', { agency: wrong, role: 'clerk' }, { reason: 'wrong-competence', actor }, { race });
  script.join(won, lost);
}

/** Called back at once; where the next agency has accepted first, the dossier stays there. */
export function sendAndRecall(script: Script, next: Way): void {
  const home = script.holder;
  send(script, next, 0);
  script.pass([1, 2]);
  const won = script.fork('recalled');
  won.holder = home;
  won.pass(MIX.minutes.atTheDesk);
  handOver(won, next);
  const lost = script.fork('too-late');
  lost.pass(MIX.minutes.handOver);
  const race = { lostOn: ACCEPTED_MEANWHILE, won: won.steps, lost: lost.steps };
  const note = 'Chuyển nhầm khi hồ sơ chưa được kiểm tra xong.';
  script.act('recall', { agency: home, role: 'clerk' }, { note, actor: script.clerk(home) }, { race });
  script.join(won, lost);
}
