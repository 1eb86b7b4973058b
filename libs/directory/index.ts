export {
  covers,
  type AgencyInterval,
  type AgencyStatement,
  type Interval,
  type NodeStatement,
  type Revocation,
  type StatedKey,
  type StatedLog,
  type Succession,
  type Suspension,
} from './statement.ts';
export { readAgencyStatement, readNodeStatement } from './statement-reading.ts';
export { NOTHING_READ, emptyDirectory, type Directory, type RegistrarKey, type TakenStatement } from './directory.ts';
export { takeStatement, takeStatements, type StatementAlarm, type TakenAll, type Taking } from './taking.ts';
export {
  adapterFor,
  adaptersFor,
  agencyOfTerritory,
  findAgency,
  findAgencyAt,
  findCityAbove,
  findLastKnown,
  findNode,
  isValidAt,
  nodeOf,
  servicesFor,
  superiorsOf,
} from './agencies.ts';
export { formerNodesOf, movesFrom, type Move } from './moves.ts';
export { heirOf, type DossierPlaced, type Heir, type HeirUndecided } from './heirs.ts';
export { rehomerFor, rehomersFor, successionsOf, successorsOf } from './succession.ts';
export { encryptionKeyOf, findKey, hasKeys, type EncryptionKeyStated, type SigningKeyStated } from './keys.ts';
export {
  agencyStatementsOf,
  nearestLastingSuperior,
  nodeStatementOf,
  type KeyMember,
  type NodeAdditions,
  type Organisation,
  type OrganisationRow,
  type RegistrarAdditions,
  type SuccessionRow,
} from './statements.ts';
