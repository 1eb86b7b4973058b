/** Every contract there is, in the order of a dossier's life. */
import type { Contract } from './schema.ts';
import { afterEvents } from './source/after.ts';
import { custodyCommands, linkCommands } from './source/commands-custody.ts';
import { afterCommands, endCommands, privacyCommands, resultCommands } from './source/commands-end.ts';
import { identityCommands, intakeCommands, papersCommands } from './source/commands-intake.ts';
import { moneyCommands, opinionCommands, timeCommands, workCommands } from './source/commands-work.ts';
import { custodyEvents } from './source/custody.ts';
import { referenceStatements } from './source/directory-reference.ts';
import { organisationStatements } from './source/directory.ts';
import { endEvents } from './source/end.ts';
import { exchangeMessages } from './source/exchange.ts';
import { identityEvents } from './source/identity.ts';
import { intakeEvents } from './source/intake.ts';
import { linkEvents } from './source/links.ts';
import { moneyEvents } from './source/money.ts';
import { lifeEvents } from './source/operation-life.ts';
import { troubleEvents } from './source/operation-trouble.ts';
import { operationEvents } from './source/operation.ts';
import { opinionEvents } from './source/opinions.ts';
import { outcomes } from './source/outcomes.ts';
import { papersEvents } from './source/papers.ts';
import { privacyEvents } from './source/privacy.ts';
import { resultEvents } from './source/result.ts';
import { timeEvents } from './source/time.ts';
import { workEvents } from './source/work.ts';

const dossierEvents = [
  ...intakeEvents,
  ...papersEvents,
  ...identityEvents,
  ...moneyEvents,
  ...workEvents,
  ...opinionEvents,
  ...custodyEvents,
  ...timeEvents,
  ...endEvents,
  ...resultEvents,
  ...linkEvents,
  ...afterEvents,
  ...privacyEvents,
];
const commands = [
  ...intakeCommands,
  ...papersCommands,
  ...identityCommands,
  ...moneyCommands,
  ...workCommands,
  ...opinionCommands,
  ...custodyCommands,
  ...timeCommands,
  ...endCommands,
  ...resultCommands,
  ...linkCommands,
  ...afterCommands,
  ...privacyCommands,
];
export const contracts: readonly Contract[] = [
  ...dossierEvents,
  ...operationEvents,
  ...troubleEvents,
  ...lifeEvents,
  ...commands,
  ...outcomes,
  ...exchangeMessages,
  ...organisationStatements,
  ...referenceStatements,
];
