import type { Route } from './route.ts';
import { COMMAND_ROUTES, DOSSIER_ROUTES } from './routes.dossiers.ts';
import { OPEN_ROUTES, OPERATION_ROUTES } from './routes.node.ts';
import { TROUBLE_ROUTES } from './routes.trouble.ts';

/** Every address of the door. What Nest registers is compared with it by `routes.int.spec.ts`. */
export const ROUTES = { ...COMMAND_ROUTES, ...DOSSIER_ROUTES, ...OPERATION_ROUTES, ...TROUBLE_ROUTES, ...OPEN_ROUTES };
export type RouteId = keyof typeof ROUTES;

export const routeOf = (id: RouteId): Route => ROUTES[id];
