/** The HTTP API of one node, as an operator and auditor of its agencies. Reads only what the API gives, masked. */
import type { Problem } from '#libs/http-api';
import { Refused, Unreachable } from '../failures.ts';

export interface NodeAddress {
  /** Node id, or the address itself where no more is known. */
  readonly name: string;
  readonly url: string;
  /** A bearer token, made when it is needed. */
  token(): Promise<string>;
}

const TIMEOUT_MS = 15_000;
type Query = Readonly<Record<string, string | number | undefined>>;

export class NodeApi {
  readonly name: string;
  readonly url: string;
  private readonly address: NodeAddress;

  constructor(address: NodeAddress) {
    this.address = address;
    this.name = address.name;
    this.url = address.url;
  }

  /** @throws Unreachable, Refused */
  async get<T>(path: string, query: Query = {}): Promise<T> {
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return this.ask<T>(url, {});
  }

  /** As {@link get}; undefined when there is no such thing, or it is not ours to see. */
  async find<T>(path: string, query: Query = {}): Promise<T | undefined> {
    try {
      return await this.get<T>(path, query);
    } catch (error) {
      if (error instanceof Refused && (error.status === 404 || error.status === 403)) return undefined;
      throw error;
    }
  }

  /** @throws Unreachable, Refused */
  async post<T>(path: string, body: unknown, agency: string): Promise<T> {
    const headers = { 'content-type': 'application/json', 'lt-agency': agency };
    return this.ask<T>(new URL(path, this.url), { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** What readiness waits for; undefined: nobody answers. */
  async readiness(): Promise<{ readonly ready: boolean; readonly waitsFor: readonly string[] } | undefined> {
    try {
      const response = await fetch(new URL('/ready', this.url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      return (await response.json()) as { ready: boolean; waitsFor: readonly string[] };
    } catch {
      return undefined;
    }
  }

  private async ask<T>(url: URL, request: RequestInit & { readonly headers?: Record<string, string> }): Promise<T> {
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${await this.address.token()}`,
      ...request.headers,
    };
    const response = await this.reach(url, { ...request, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw await refusal(this.name, response);
    return (await response.json()) as T;
  }

  private async reach(url: URL, request: RequestInit): Promise<Response> {
    try {
      return await fetch(url, request);
    } catch {
      throw new Unreachable(
        `Không kết nối được ${this.name} (${this.url}) · ${this.name} does not answer at ${this.url}`,
      );
    }
  }
}

async function refusal(name: string, response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const { code = String(response.status), message, detail } = problem;
  const said = message ? `${message.vi} · ${message.en}` : (detail ?? response.statusText);
  return new Refused(response.status, code, `${name}: ${code}: ${said}`);
}
