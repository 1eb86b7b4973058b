/** Where a dossier's history is read from: the nodes' API, or a ledger's database. */
import type { DossierView, HistoryView } from '#libs/http-api';
import { isDossierCode, isUuid } from '#libs/kernel';
import { Unreachable, UsageError } from '../failures.ts';
import type { NodeApi } from '../reach/node-api.ts';

export interface FoundDossier {
  readonly node: string;
  readonly dossier: DossierView;
  readonly history: HistoryView;
}

/** How a dossier was named: `dossier/<agency>/<uuid>`, `<agency>/<uuid>`, a UUID, or a code. */
export type Named =
  | { readonly kind: 'stream'; readonly agency: string; readonly id: string }
  | { readonly kind: 'uuid'; readonly id: string }
  | { readonly kind: 'code'; readonly code: string };

function readAlone(text: string): Named | undefined {
  if (isUuid(text)) return { kind: 'uuid', id: text };
  return isDossierCode(text) || /^[^\s/]{3,60}$/.test(text) ? { kind: 'code', code: text } : undefined;
}

/** @throws UsageError when it is none of these */
export function readName(text: string | undefined): Named {
  if (text === undefined || text === '') throw new UsageError('Hồ sơ nào? · Which dossier?');
  const parts = text.replace(/^dossier\//, '').split('/');
  const [first = '', id] = parts;
  if (parts.length === 2 && id !== undefined && isUuid(id)) return { kind: 'stream', agency: first, id };
  const alone = parts.length === 1 ? readAlone(first) : undefined;
  if (alone) return alone;
  throw new UsageError(`${text}: không phải mã hồ sơ, UUID hay dossier/<cơ quan>/<uuid> · no code, UUID or subject`);
}

/** Asks one node after the other until one holds it. @throws Unreachable when some did not answer and the others do not hold it */
export async function findDossier(
  apis: readonly NodeApi[],
  agencies: readonly string[],
  named: Named,
): Promise<FoundDossier | undefined> {
  let away: Unreachable | undefined;
  for (const api of apis) {
    try {
      const found = await findAt(api, agencies, named);
      if (found) return found;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      away = error;
    }
  }
  if (away) throw away;
  return undefined;
}

async function findAt(api: NodeApi, agencies: readonly string[], named: Named): Promise<FoundDossier | undefined> {
  for (const path of await pathsOf(api, agencies, named)) {
    const dossier = await api.find<DossierView>(path);
    const history = dossier && (await api.find<HistoryView>(`${path}/events`));
    if (dossier && history) return { node: api.name, dossier, history };
  }
  return undefined;
}

/** Addresses at which it may stand. A bare UUID says nothing about the agency of its stream: all that are known are tried. */
async function pathsOf(api: NodeApi, agencies: readonly string[], named: Named): Promise<readonly string[]> {
  switch (named.kind) {
    case 'stream':
      return [`/v1/dossiers/${named.agency}/${named.id}`];
    case 'uuid':
      return agencies.map((agency) => `/v1/dossiers/${agency}/${named.id}`);
    case 'code': {
      const { items } = await api.get<{ items: readonly { subject: string }[] }>('/v1/dossiers', { code: named.code });
      return items.map(({ subject }) => `/v1/dossiers/${subject.slice('dossier/'.length)}`);
    }
  }
}
