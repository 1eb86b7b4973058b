export type { DossierFilter, DossierOrder } from './dossier-filter.ts';
export type { DossierFold } from './dossier-fold.ts';
export type { AgencyTotals, CodeAlarm, DossierPage, DossierQueries, PageWanted } from './dossier-queries.ts';
export type { Parked } from './dossier-row.ts';
export type { ListedDossier } from './listed-dossier.ts';
export { migrateReadModels } from './migrate.ts';
export { openReadModels, type ReadModels, type ReadModelsOptions } from './open-read-models.ts';
