/**
 * Which role may give which command (design 11; Nghị định 61/2018 Art 17, 19, 20). The door of the API asks before a
 * command leaves the node, the decider asks again when the roles are at hand: a command that another agency's node signed
 * comes without roles, because that node has answered for its officer.
 */
import type { DossierCommandName } from './generated/commands.ts';

/**
 * `clerk`: one-stop unit. `officer`: appraises. `head`: decides, assigns, signs. `operator`: keeps a node running.
 * `auditor`: reads only. `privacy-officer`: Nghị định 13/2023 Art 28. `automation`: a rule of this node. `adapter`: a
 * connected system (portal, payment, post, population database) or an agency's own one-stop software.
 */
export const ROLES = [
  'clerk',
  'officer',
  'head',
  'operator',
  'auditor',
  'privacy-officer',
  'automation',
  'adapter',
] as const;
export type Role = (typeof ROLES)[number];

export const ROLES_OF_COMMAND: Readonly<Record<DossierCommandName, readonly Role[]>> = {
  'file-dossier': ['clerk', 'adapter'],
  'receive-dossier': ['clerk', 'adapter'],
  'refuse-intake': ['clerk'],
  'add-component': ['clerk', 'officer', 'adapter'],
  'digitise-component': ['clerk', 'officer', 'adapter'],
  'request-supplement': ['clerk', 'officer', 'head'],
  'provide-supplement': ['clerk', 'adapter'],
  'request-identity-check': ['clerk', 'officer'],
  'record-identity-check': ['adapter'],
  'request-fee': ['clerk', 'officer', 'automation'],
  'record-payment': ['clerk', 'adapter'],
  'waive-fee': ['officer', 'head'],
  'start-processing': ['officer', 'head'],
  'assign-step': ['officer', 'head'],
  'complete-step': ['clerk', 'officer', 'head'],
  'request-opinion': ['officer', 'head'],
  'give-opinion': ['officer', 'head'],
  'finish-task': ['officer', 'head'],
  'mark-opinion-overdue': ['officer', 'head', 'automation'],
  forward: ['clerk', 'officer', 'head'],
  'accept-custody': ['clerk', 'officer', 'head', 'automation'],
  'decline-custody': ['clerk', 'officer', 'head', 'automation'],
  recall: ['clerk', 'officer', 'head'],
  'release-custody': ['head', 'operator', 'automation'],
  rehome: ['operator', 'automation'],
  'extend-due-date': ['head'],
  resolve: ['officer', 'head'],
  refuse: ['officer', 'head'],
  stop: ['officer', 'head'],
  withdraw: ['clerk', 'adapter'],
  'mark-result-ready': ['clerk', 'officer', 'head'],
  'dispatch-result': ['clerk'],
  'return-result': ['clerk', 'adapter'],
  link: ['clerk', 'officer', 'adapter'],
  'rate-satisfaction': ['clerk', 'adapter'],
  'file-petition': ['clerk', 'adapter'],
  'answer-petition': ['officer', 'head'],
  'erase-personal-data': ['privacy-officer', 'automation'],
  correct: ['officer', 'head', 'operator'],
};

/** Whether one of these roles may give the command. */
export function roleMay(command: DossierCommandName, roles: readonly Role[]): boolean {
  return ROLES_OF_COMMAND[command].some((role) => roles.includes(role));
}
