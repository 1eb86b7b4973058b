export { openEd25519Key, type Ed25519Key } from './ed25519-file.ts';
export { organisationStatements, type NodeEntry } from './organisation-statements.ts';
export { publishStatements, type Publishing } from './publish-statements.ts';
export { StatementRegister, type StatedRow, type Statement, type Stating } from './statement-register.ts';
