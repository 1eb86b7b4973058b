/**
 * Three nodes in memory that speak the HTTP contract as far as the generator does, on the real decider. What one node
 * writes another one sees only after it has been looked at there; answers get lost, nodes are busy or away. Fails loudly
 * on what a real node would refuse for the way it is asked: wrong node, wrong token, another body under a known key.
 */
import { createHash } from 'node:crypto';
import { findContract } from '#libs/contracts';
import { isAgencyCode, type AgencyCode, type Instant, type JsonObject, type Uuid } from '#libs/kernel';
import type { DossierCommandName, Role } from '#libs/dossier';
import { nodeInGiaLam } from './options.ts';
import { Rehearsal } from './rehearsal.builders.ts';

export type Fault = 'connection-refused' | 'answer-lost' | 'busy' | undefined;
export interface NodesWanted {
  /** Whether nodes accept at once, or only when the dossier has been looked at there. */
  readonly accept: 'quick' | 'slow' | 'never';
  readonly now?: () => Instant;
  /** Of the request with that number. */
  readonly fault?: (number: number, node: string) => Fault;
  /** A code with which a command is refused whatever the decider says. */
  readonly refuse?: (command: string) => string | undefined;
}
interface Request {
  readonly node: string;
  readonly path: string;
  readonly agency: AgencyCode;
  readonly role: Role;
  readonly key: string;
  readonly waits: boolean;
  readonly body: { id?: Uuid; receivingAgency?: AgencyCode; occurredAt?: Instant; data?: JsonObject };
}
interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}
interface Held {
  readonly rehearsal: Rehearsal;
  /** Events known at each node. */
  readonly known: Map<string, number>;
}

const NEVER = '9999-12-31T00:00:00.000Z' as Instant;
const problem = (status: number, code: string): Answer => ({
  status,
  body: { code, status, detail: `refused: ${code}` },
});

export class FakeNodes {
  readonly addresses = {
    'gialam-communes': 'http://communes.invalid',
    'gialam-district': 'http://district.invalid/',
    'hanoi-city': 'http://city.invalid',
  };
  readonly token = (agency: AgencyCode, roles: readonly Role[]): Promise<string> =>
    Promise.resolve(`${agency}~${roles.join()}`);
  /** Commands decided; commands at a node that did not yet know the dossier whole. */
  acted = 0;
  premature = 0;
  requests = 0;
  mostAtOnce = 0;
  readonly dossiers = new Map<string, Held>();
  private readonly wanted: NodesWanted;
  private readonly answered = new Map<string, { readonly body: string; readonly answer: Answer }>();
  private readonly outcomes = new Map<string, { readonly answer: Answer; asked: number }>();
  private atOnce = 0;

  constructor(wanted: NodesWanted) {
    this.wanted = wanted;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      await Promise.resolve();
      init?.signal?.throwIfAborted();
      return this.respond(readRequest(input as string, init, this.addresses));
    } finally {
      this.atOnce -= 1;
    }
  };

  private respond(request: Request): Response {
    this.requests += 1;
    const fault = this.wanted.fault?.(this.requests, request.node);
    if (fault === 'connection-refused') throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    if (fault === 'busy')
      return Response.json({ code: 'OVERLOADED' }, { status: 503, headers: { 'retry-after': '0' } });
    const { status, body } = this.answer(request);
    if (fault === 'answer-lost') throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
    return Response.json(body, { status });
  }

  private answer(request: Request): Answer {
    if (nodeInGiaLam(request.agency) !== request.node) return problem(421, 'AGENCY_NOT_HERE');
    const [, , what, agency, id, command] = request.path.split('/');
    if (what === 'commands') return this.outcome(agency ?? '');
    if (agency === undefined) {
      const { receivingAgency = '', id: chosen = '' } = request.body;
      return this.repeatable(request, () => this.decide(request, `${receivingAgency}/${chosen}`, 'file-dossier'));
    }
    if (command === undefined) return this.look(request, `${agency}/${id}`);
    return this.repeatable(request, () => this.decide(request, `${agency}/${id}`, command as DossierCommandName));
  }

  private repeatable(request: Request, act: () => Answer): Answer {
    const name = `${request.agency} ${request.key}`;
    const body = JSON.stringify([request.path, request.body]);
    const before = this.answered.get(name);
    if (before) return before.body === body ? before.answer : problem(422, 'IDEMPOTENCY_KEY_REUSED');
    const answer = act();
    if (answer.status < 300) this.answered.set(name, { body, answer });
    return answer;
  }

  private decide(request: Request, name: string, command: DossierCommandName): Answer {
    const { agency, role, node } = request;
    const { at, data } = actIn(request);
    const refused = this.refusedAtTheDoor(at, command);
    if (refused) return refused;
    const held = this.held(name);
    const asked = { agency, role, command, data, at };
    if (agency !== held.rehearsal.inHand && findContract('command', command, 1)?.travels === true) {
      if (command !== 'recall') this.acceptOpen(held, at);
      return this.sent(request, this.act(held, asked));
    }
    // A decline may always come after an acceptance that nobody saw.
    if (command !== 'decline-custody' && this.knows(held, node) < held.rehearsal.place) this.premature += 1;
    const answer = this.act(held, asked);
    if (command === 'forward' && this.wanted.accept === 'quick') this.acceptOpen(held, at);
    return answer;
  }

  private refusedAtTheDoor(at: Instant, command: string): Answer | undefined {
    if (at > (this.wanted.now?.() ?? NEVER)) return problem(422, 'TIME_IN_FUTURE');
    const code = this.wanted.refuse?.(command);
    return code === undefined ? undefined : problem(409, code);
  }

  private act({ rehearsal, known }: Held, asked: Parameters<Rehearsal['ask']>[0]): Answer {
    const { inHand: writer, place } = rehearsal;
    const refused = rehearsal.ask(asked);
    if (refused !== undefined) return problem(409, refused);
    this.acted += 1;
    known.set(nodeInGiaLam(writer), rehearsal.place);
    const events = rehearsal.events.slice(place).map(({ type }, index) => ({ type, hash: `${place + index + 1}` }));
    return { status: 200, body: { status: 'accepted', subject: asked.command, events } };
  }

  /** Every second command that crosses is answered later, the caller's patience or not. */
  private sent(request: Request, answer: Answer): Answer {
    if (!request.waits) return problem(400, 'EXPECTED_PREFER_WAIT');
    const command = createHash('sha256').update(request.key).digest('base64url');
    const outcome = answer.status < 300 ? answer.body : { ...answer.body, status: 'refused', events: [] };
    this.outcomes.set(command, { answer: { status: 200, body: { ...outcome, command } }, asked: 0 });
    return this.outcomes.size % 2 === 0 ? answer : { status: 202, body: { status: 'pending', command, events: [] } };
  }

  private outcome(command: string): Answer {
    const found = this.outcomes.get(command);
    if (!found) return problem(404, 'NOT_FOUND');
    found.asked += 1;
    return found.asked > 1 ? found.answer : { status: 200, body: { status: 'pending', command, events: [] } };
  }

  /** Each look brings a node what it does not know yet; a second one finds the dossier accepted. */
  private look({ node, agency }: Request, name: string): Answer {
    const held = this.dossiers.get(name);
    if (!held) return problem(404, 'DOSSIER_UNKNOWN');
    const known = this.knows(held, node);
    held.known.set(node, held.rehearsal.place);
    const { state, place, inHand, events } = held.rehearsal;
    const mayAccept = state.situation === 'InTransit' && inHand === agency && this.wanted.accept !== 'never';
    if (mayAccept && known === place) this.acceptOpen(held, events.at(-1)?.time);
    if (known === 0) return problem(404, 'DOSSIER_UNKNOWN');
    return { status: 200, body: { subject: name, head: { place: known, hash: 'h', recordedAt: '' } } };
  }

  private acceptOpen({ rehearsal, known }: Held, at: Instant | undefined): void {
    if (rehearsal.state.situation !== 'InTransit' || at === undefined) return;
    const node = nodeInGiaLam(rehearsal.inHand);
    rehearsal.acceptAutomatically(at);
    if (known.get(node) === rehearsal.place - 1) known.set(node, rehearsal.place);
  }

  private readonly knows = ({ known }: Held, node: string): number => known.get(node) ?? 0;

  private held(name: string): Held {
    const known = this.dossiers.get(name);
    if (known) return known;
    const [receivingAgency = '', id = ''] = name.split('/');
    const rehearsal = new Rehearsal({ receivingAgency: receivingAgency as AgencyCode, id: id as Uuid });
    const made = { rehearsal, known: new Map<string, number>() };
    this.dossiers.set(name, made);
    return made;
  }
}

const actIn = ({ body: { occurredAt: at = NEVER, data = {} } }: Request): { at: Instant; data: JsonObject } => ({
  at,
  data,
});

type Addresses = FakeNodes['addresses'];

function readRequest(url: string, init: RequestInit = {}, addresses: Addresses): Request {
  const [node, base] = Object.entries(addresses).find(([, address]) => url.startsWith(address)) ?? ['', ''];
  const headers = new Headers(init.headers);
  const text = (name: string): string => headers.get(name) ?? '';
  if (init.method === 'POST' && !/^[\x21-\x7e]{8,128}$/.test(text('idempotency-key')))
    throw new Error('idempotency key');
  return {
    node,
    path: url.slice(base.replace(/\/$/, '').length),
    ...speakerOf(text('authorization'), text('lt-agency')),
    key: text('idempotency-key'),
    waits: /wait=\d+/.test(text('prefer')),
    body: typeof init.body === 'string' ? (JSON.parse(init.body) as Request['body']) : {},
  };
}

function speakerOf(authorization: string, acting: string): Pick<Request, 'agency' | 'role'> {
  const [, agency = '', role = ''] = /^Bearer (.+)~(.+)$/.exec(authorization) ?? [];
  if (!isAgencyCode(agency) || acting !== agency) throw new Error(`token of ${agency} for ${acting}`);
  return { agency, role: role as Role };
}
