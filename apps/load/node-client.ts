/**
 * One request to a node, sent until it is answered. A node that is away (connection refused or cut, no answer in time) or
 * busy (429, 502, 503, 504) is asked again after a pause that doubles, with the same request and so the same idempotency
 * key: whatever happened to the first one, the act is done once. Everything else is an answer. Proved by `run-day.spec.ts`.
 */
import type { Role } from '#libs/dossier';
import { DomainError, type AgencyCode } from '#libs/kernel';
import type { DayOptions } from './options.ts';
import type { Gate, Pace } from './pace.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
/** Longer than the longest `Prefer: wait`, which is 30 seconds. */
const NO_ANSWER_MS = 45_000;
const AWAY_OR_BUSY = [429, 502, 503, 504];

export interface NodeRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly agency: AgencyCode;
  readonly role: Role;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
export interface NodeAnswer extends Answered {
  /** When it was first sent, by `performance.now()`: not the time at which it began to wait for its turn. */
  readonly sentAt: number;
}
interface Tried extends Answered {
  /** What a busy node asks for, in milliseconds. */
  readonly waitMs?: number;
}

export interface ClientParts {
  readonly options: Pick<DayOptions, 'nodes' | 'token' | 'patienceMs' | 'fetch'>;
  readonly nodeOf: (agency: AgencyCode) => string;
  readonly gate: Gate;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly retried: () => void;
}
export const PATIENCE_MS = 120_000;

export class NodeClient {
  private readonly parts: ClientParts;
  readonly patienceMs: number;

  constructor(parts: ClientParts) {
    this.parts = parts;
    this.patienceMs = parts.options.patienceMs ?? PATIENCE_MS;
  }

  nodeOf(agency: AgencyCode): string {
    return this.parts.nodeOf(agency);
  }

  /** Throws `NODE_UNREACHABLE` when the node was away or busy for longer than patience lasts, and when the day is ended. */
  async ask(request: NodeRequest): Promise<NodeAnswer> {
    const end = performance.now() + this.patienceMs;
    let sentAt: number | undefined;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const tried = await this.parts.gate.through(() => {
        sentAt ??= performance.now();
        return this.tryOnce(request);
      });
      if (!AWAY_OR_BUSY.includes(tried.status)) return { ...tried, sentAt: sentAt ?? 0 };
      if (performance.now() > end) {
        const { path, agency } = request;
        throw new DomainError('NODE_UNREACHABLE', `no answer: ${textOf(tried.body)}`, {
          path,
          node: this.nodeOf(agency),
        });
      }
      this.parts.retried();
      await this.parts.pace.rest(Math.max(wait, tried.waitMs ?? 0));
    }
  }

  /** A node that cannot be reached answers like a busy one. */
  private async tryOnce(request: NodeRequest): Promise<Tried> {
    const { signal, options } = this.parts;
    signal.throwIfAborted();
    const init = await this.requestInit(request);
    try {
      const response = await (options.fetch ?? fetch)(this.addressOf(request), {
        ...init,
        signal: AbortSignal.any([signal, AbortSignal.timeout(NO_ANSWER_MS)]),
      });
      return await read(response);
    } catch (error) {
      signal.throwIfAborted();
      return { status: 503, body: { code: 'NODE_UNREACHABLE', detail: causeOf(error) } };
    }
  }

  private addressOf({ agency, path }: NodeRequest): string {
    const node = this.nodeOf(agency);
    const base = this.parts.options.nodes[node];
    if (base === undefined)
      throw new DomainError('NODE_UNKNOWN', `no address is known of node ${node}`, { node, agency });
    return `${base.replace(/\/$/, '')}${path}`;
  }

  private async requestInit({ method, agency, role, headers, body }: NodeRequest): Promise<RequestInit> {
    const token = await this.parts.options.token(agency, [role]);
    return {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'lt-agency': agency,
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    };
  }
}

/** The body is always read to its end: only then is the connection free for the next request. */
async function read(response: Response): Promise<Tried> {
  const text = await response.text();
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const waitMs = Number.isFinite(seconds) ? { waitMs: Math.min(seconds * 1000, LONGEST_PAUSE_MS) } : {};
  return { status: response.status, body: bodyOf(text), ...waitMs };
}

function bodyOf(text: string): NodeAnswer['body'] {
  try {
    return JSON.parse(text) as NodeAnswer['body'];
  } catch {
    return { code: 'NOT_JSON', detail: text.slice(0, 200) };
  }
}

/** What a problem document, or what stands in for one, says to people. */
export function textOf(body: NodeAnswer['body']): string {
  const { detail, title } = body;
  return typeof detail === 'string' ? detail : typeof title === 'string' ? title : '';
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
