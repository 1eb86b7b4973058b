/** The one-stop software of the communes as a load: it files dossiers over HTTP, each with an idempotency key of its own. */
import { randomUUID } from 'node:crypto';
import { findContract } from '#libs/contracts';
import type { AgencyCode } from '#libs/kernel';
import { COMMUNES, type TwoNodes } from './two-nodes.ts';

export interface Desk {
  /** Resolves when it is answered and accepted. */
  file(agency: AgencyCode, id: string): Promise<void>;
}

export async function openDesk({ stack, agencies }: TwoNodes): Promise<Desk> {
  const token = await stack.token('clerk', agencies);
  const url = `${stack.urls.get(COMMUNES)}/v1/dossiers`;
  const data = findContract('command', 'file-dossier', 1)?.example;
  return {
    file: async (receivingAgency, id) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'lt-agency': receivingAgency,
        'idempotency-key': randomUUID(),
      };
      const body = JSON.stringify({ id, receivingAgency, data });
      const response = await fetch(url, { method: 'POST', headers, body });
      const text = await response.text();
      if (response.status >= 300) throw new Error(`file-dossier: ${response.status} ${text}`);
    },
  };
}
