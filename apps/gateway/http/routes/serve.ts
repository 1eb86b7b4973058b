import { applyDecorators, HttpCode, RequestMapping, RequestMethod } from '@nestjs/common';
import { Lane } from '../admission/admission.ts';
import { Open, Roles } from '../token.guard.ts';
import { routeOf, type RouteId } from './index.ts';

/** Registers a handler as the table says: method, path, and who may call it. Another status than 200 is the handler's word. */
export function Serve(id: RouteId): MethodDecorator {
  const { method, path, access, tag } = routeOf(id);
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    HttpCode(200),
    Lane(tag === 'operations' ? 'operations' : 'work'),
    access === 'open' ? Open() : Roles(...access),
  );
}
