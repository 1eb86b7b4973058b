import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { Open, Roles } from '../token.guard.ts';
import { routeOf, type RouteId } from './index.ts';

/** Registers a handler as the table says: method, path, and who may call it. Another status than 200 is the handler's word. */
export function Serve(id: RouteId): MethodDecorator {
  const { method, path, access } = routeOf(id);
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    HttpCode(200),
    access === 'open' ? Open() : Roles(...access),
  );
}
