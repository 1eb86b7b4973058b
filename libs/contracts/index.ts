export { allContracts, findContract, isKnown, knownNames, latestMinor, personalPointers } from './find.ts';
export { findSchema, type ContractSchemas } from './find-schema.ts';
export { compileValidators, type ContractFault, type Validate, type Validators } from './validators.ts';
export { committedRendering, idOf, openRendering, versionOf } from './renderings.ts';
export { differs, findBreaks, type Break } from './compatibility.ts';
export { brands } from './grammars.ts';
export type { PersonalPointer } from './personal.ts';
export type * from './schema.ts';
