export * from './command.dto.ts';
export type * from './dossier-view.ts';
