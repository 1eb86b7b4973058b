export * from './command.dto.ts';
export * from './query.dto.ts';
export type * from './dossier-view.ts';
export type * from './node-view.ts';
export * from './trouble.dto.ts';
export type * from './trouble-view.ts';
