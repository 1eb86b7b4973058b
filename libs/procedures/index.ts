export * from './catalogue.ts';
export * from './deadline-rules.ts';
export * from './error-codes.ts';
export * from './legal-rules.ts';
export { parseProcedures } from './parse-procedures.ts';
export * from './procedure-rules.ts';
export * from './procedure.ts';
export * from './route.ts';
