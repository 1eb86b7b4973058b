import { Controller, Inject, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AsOfQuery, type DossierView, type HistoryView } from '#libs/http-api';
import { readDossier, readEventBytes, readHistory, type AsOf, type NodeServices } from '#libs/use-cases';
import { hashIn, instantIn, subjectOf, type DossierAddress } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { isHeld } from '../headers.ts';
import { HTTP_OPTIONS, type HttpOptions } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';
import { viewOfDossier } from './dossier-views.ts';

@Controller()
export class DossiersController {
  private readonly services: NodeServices;
  private readonly openings: HttpOptions['openings'];

  constructor(@Inject(HTTP_OPTIONS) { services, openings }: HttpOptions) {
    this.services = services;
    this.openings = openings;
  }

  @Serve('dossier')
  async dossier(
    @CallerOf() caller: Caller,
    @Param() address: DossierAddress,
    @Query(checked(AsOfQuery)) query: AsOfQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DossierView | undefined> {
    const reading = { reader: readerOf(this.services, caller), asOf: asOf(query) };
    const read = await readDossier(this.services, subjectOf(address), reading);
    const isPast = query.version !== undefined || query.at !== undefined;
    const awaited = isPast ? [] : await this.openings.awaitedFor(read.subject);
    return unlessHeld(response, read.head.hash, () => viewOfDossier(read, awaited.length));
  }

  @Serve('events')
  async events(
    @CallerOf() caller: Caller,
    @Param() address: DossierAddress,
    @Query(checked(AsOfQuery)) query: AsOfQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<HistoryView | undefined> {
    const reading = { reader: readerOf(this.services, caller), asOf: asOf(query) };
    const { events, superseded, head } = await readHistory(this.services, subjectOf(address), reading);
    return unlessHeld(response, events.at(-1)?.hash ?? head, () => ({ events, superseded }));
  }

  @Serve('event-bytes')
  async bytes(
    @CallerOf() caller: Caller,
    @Param() { hash, ...address }: DossierAddress & { readonly hash: string },
    @Res() response: Response,
  ): Promise<void> {
    const wanted = { reader: readerOf(this.services, caller), hash: hashIn(hash) };
    const bytes = await readEventBytes(this.services, subjectOf(address), wanted);
    response.setHeader('Content-Type', 'application/cloudevents+json; charset=utf-8');
    response.end(bytes);
  }
}

const asOf = ({ version, at }: AsOfQuery): AsOf => ({
  ...(version === undefined ? {} : { version }),
  ...(at === undefined ? {} : { at: instantIn(at, 'at') }),
});

function unlessHeld<V>(response: Response, hash: string, view: () => V): V | undefined {
  if (!isHeld(response, hash)) return view();
  response.status(304);
  return undefined;
}
