import { Controller, Inject, Query } from '@nestjs/common';
import { SITUATION_KEYS, type SituationName } from '#libs/dossier';
import { ListQuery, TotalsQuery } from '#libs/http-api';
import { DomainError, type AgencyCode } from '#libs/kernel';
import type { ListedDossier } from '#libs/read-models';
import { listScope, type NodeServices } from '#libs/use-cases';
import { agencyIn, instantIn } from '../address.ts';
import { type Caller, CallerOf } from '../caller.ts';
import { readerOf } from '../caller-place.ts';
import { checked } from '../door.pipe.ts';
import { HTTP_OPTIONS, type DossierLists, type HttpOptions } from '../http-options.ts';
import { Serve } from '../routes/serve.ts';

interface DossierPageView {
  readonly items: readonly ListedDossier[];
  readonly next?: string;
}
type Totals = Awaited<ReturnType<DossierLists['agencyTotals']>>;

const SITUATIONS = new Set(SITUATION_KEYS.map((key) => key.split('/')[0]));

@Controller()
export class ListsController {
  private readonly services: NodeServices;
  private readonly readModels: DossierLists | undefined;

  constructor(@Inject(HTTP_OPTIONS) { services, readModels }: HttpOptions) {
    this.services = services;
    this.readModels = readModels;
  }

  @Serve('list')
  async list(@CallerOf() caller: Caller, @Query(checked(ListQuery)) query: ListQuery): Promise<DossierPageView> {
    const within = this.scopeOf(caller);
    const agency = agencyIn(query.agency);
    if (query.code !== undefined) return { items: await this.findByCode(query.code, { within, agency }) };
    const filter = {
      ...(within === undefined ? {} : { within }),
      ...(agency === undefined ? {} : { agency }),
      ...(query.state === undefined ? {} : { situations: [situationIn(query.state)] }),
      ...(query.dueBefore === undefined ? {} : { dueBefore: instantIn(query.dueBefore, 'dueBefore') }),
      ...(query.parked === undefined ? {} : { parked: true }),
      ...(query.unanswered === undefined ? {} : { unanswered: true as const }),
    };
    const { dossiers, next } = await this.lists().list(filter, pageOf(query));
    return { items: dossiers, ...(next === undefined ? {} : { next }) };
  }

  @Serve('totals')
  async totals(
    @CallerOf() caller: Caller,
    @Query(checked(TotalsQuery)) query: TotalsQuery,
  ): Promise<{ totals: Totals }> {
    const within = this.scopeOf(caller);
    const agency = agencyIn(query.agency);
    if (agency === undefined) return { totals: await this.lists().agencyTotals(within) };
    if (within && !within.includes(agency)) return { totals: [] };
    return { totals: await this.lists().agencyTotals([agency]) };
  }

  private async findByCode(code: string, { within, agency }: Scope): Promise<readonly ListedDossier[]> {
    const found = await this.lists().findByCode(code);
    return found.filter(
      (dossier) =>
        (within === undefined || dossier.parties.some((party) => within.includes(party))) &&
        (agency === undefined || [dossier.custodian, dossier.receivingAgency, dossier.inTransitTo].includes(agency)),
    );
  }

  private scopeOf(caller: Caller): readonly AgencyCode[] | undefined {
    return listScope(readerOf(this.services, caller), {
      directory: this.services.directory(),
      at: this.services.clock.now(),
    });
  }

  private lists(): DossierLists {
    if (!this.readModels) throw new DomainError('UNAVAILABLE', 'this process has no read models');
    return this.readModels;
  }
}

interface Scope {
  readonly within: readonly AgencyCode[] | undefined;
  readonly agency: AgencyCode | undefined;
}

/** A list of what is due comes soonest first. */
function pageOf({ cursor, limit, order, dueBefore }: ListQuery): Parameters<DossierLists['list']>[1] & object {
  const sorted = order ?? (dueBefore === undefined ? undefined : 'due');
  return {
    ...(sorted === undefined ? {} : { order: sorted }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function situationIn(text: string): SituationName {
  if (SITUATIONS.has(text)) return text as SituationName;
  throw new DomainError('MALFORMED', 'there is no such situation', { what: 'state' });
}
