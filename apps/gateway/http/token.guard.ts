import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { DomainError } from '#libs/kernel';
import { type Caller, Tokens } from './caller.ts';

const OPEN = 'lienthong:open';
const ROLES = 'lienthong:roles';
/** No token needed: health, readiness, metrics, the description of the API. */
export const Open = (): ReturnType<typeof SetMetadata> => SetMetadata(OPEN, true);
/** One of these roles is needed. */
export const Roles = (...roles: readonly string[]): ReturnType<typeof SetMetadata> => SetMetadata(ROLES, roles);

@Injectable()
export class TokenGuard implements CanActivate {
  private readonly tokens: Tokens;
  private readonly reflector: Reflector;

  constructor(@Inject(Tokens) tokens: Tokens, @Inject(Reflector) reflector: Reflector) {
    this.tokens = tokens;
    this.reflector = reflector;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, targets)) return true;
    const request = context.switchToHttp().getRequest<Request & { caller?: Caller }>();
    const caller = await this.tokens.callerOf(request.header('authorization'), request.header('lt-agency'));
    const wanted = this.reflector.getAllAndOverride<readonly string[] | undefined>(ROLES, targets);
    if (wanted && !wanted.some((role) => caller.roles.includes(role))) {
      throw new DomainError('ROLE_NOT_ALLOWED', 'the token lacks the role that this needs', { roles: wanted });
    }
    request.caller = caller;
    return true;
  }
}
