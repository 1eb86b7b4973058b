import { Body, Controller, Inject, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RevealBody, type RevealView } from '#libs/http-api';
import { revealPersonalData, type NodeServices } from '#libs/use-cases';
import { correlationFor, hashIn, subjectOf, type DossierAddress } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { actingAgency } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { SERVICES } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';

@Controller()
export class RevealController {
  private readonly services: NodeServices;

  constructor(@Inject(SERVICES) services: NodeServices) {
    this.services = services;
  }

  @Serve('reveal')
  async reveal(
    @CallerOf() caller: Caller,
    @Param() address: DossierAddress,
    @Body(checked(RevealBody)) { reason, note, event }: RevealBody,
    @Req() request: Request,
  ): Promise<RevealView> {
    const subject = subjectOf(address);
    const events = await revealPersonalData(this.services, {
      subject,
      reason,
      ...(note === undefined ? {} : { note }),
      ...(event === undefined ? {} : { event: hashIn(event) }),
      agency: actingAgency(this.services, caller),
      roles: caller.roles,
      actor: { authtype: 'user', authid: caller.subject },
      correlationId: correlationFor(this.services, request),
    });
    return { subject, events };
  }
}
