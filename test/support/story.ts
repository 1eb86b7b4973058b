/**
 * What a story over real processes needs: the embedded stack in a folder of its own (built gateways, real PostgreSQL, real
 * Kafka), desks that speak HTTP, and conditions that are waited for. Nothing here reaches into a node's process.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkClock } from '#libs/config';
import { findContract } from '#libs/contracts';
import type { DossierCommandName } from '#libs/dossier';
import type { CommandView, DeliveriesView, DossierView, HeldView, StatusView } from '#libs/http-api';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { gialamNodes, openStack, type EmbeddedStack, type NodeWanted } from '#tools/embedded';
import { readReference } from '../../apps/load/index.ts';
import { eventually } from '../../libs/testing/eventually.ts';

export const COMMUNES = 'gialam-communes' as NodeId;
export const DISTRICT = 'gialam-district' as NodeId;
export const CITY = 'hanoi-city' as NodeId;
const SEAT_OF: Readonly<Record<string, string>> = { [COMMUNES]: 'H26.129.05', [DISTRICT]: 'H26.129', [CITY]: 'H26' };
/** 09:00 of Wednesday 14 June 2023 in Viet Nam. */
const MORNING = '2023-06-14T02:00:00.000Z' as Instant;
export const DAY_START = '2023-06-14T00:30:00.000Z' as Instant;

export interface StoryWanted {
  /** Work time at the start; absent: 09:00 of the first day. */
  readonly work?: Instant;
  /** Absent: as fast as the real clock. */
  readonly rate?: number;
  /** In place of the platform's own, for a story that keeps what is answered. */
  readonly fetch?: typeof fetch;
  /** Variables of a node, instead of the stack's own. */
  readonly extra?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Folder below a new one of the system's; absent: the new one itself. */
  readonly dataDir?: string;
}
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}
export interface Asked {
  readonly agency: string;
  readonly role?: string;
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
export interface Given {
  readonly agency: string;
  /** Members beside those of the contract's example; `undefined` takes one away. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly role?: string;
  readonly key?: string;
  /** Seconds of `Prefer: wait`. */
  readonly wait?: number;
}
export type Refusable = Partial<CommandView> & { readonly code?: string; readonly detail?: string };

export async function openStory(wanted: StoryWanted = {}): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-story-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const stack = await openStack({ dataDir: join(folder, wanted.dataDir ?? ''), nodes: onFreePorts() });
    const story = new Story(stack, wanted, clean);
    await story.begin().catch(async (error: unknown) => {
      await stack.stop();
      throw error;
    });
    return story;
  } catch (error) {
    clean();
    throw error;
  }
}

/** The nodes of the demo, away from its ports: another stack may be about to take those. */
const onFreePorts = (): readonly NodeWanted[] =>
  gialamNodes(readReference().organisation).map(({ node, agencies }) => ({ node, agencies }));

export class Story {
  readonly stack: EmbeddedStack;
  readonly clock: WorkClock;
  private extra: NonNullable<StoryWanted['extra']>;
  private readonly clean: () => void;
  private readonly fetch: typeof fetch;
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(stack: EmbeddedStack, wanted: StoryWanted, clean: () => void) {
    const { work = MORNING, rate = 1, extra = {} } = wanted;
    this.stack = stack;
    this.clock = { wall: new Date().toISOString() as Instant, work, rate };
    this.extra = extra;
    this.clean = clean;
    this.fetch = wanted.fetch ?? fetch;
  }

  get nodes(): readonly NodeId[] {
    return this.stack.nodes.map(({ node }) => node);
  }

  async begin(): Promise<void> {
    await this.stack.startNodes(this.clock);
    const changed = this.nodes.filter((one) => this.extra[one]);
    await Promise.all(changed.map((node) => this.stack.stopNode(node)));
    await Promise.all(changed.map((node) => this.start(node)));
  }

  /** Variables that the node is given from its next start on. */
  remember(node: NodeId, extra: Readonly<Record<string, string>>): void {
    this.extra = { ...this.extra, [node]: extra };
  }

  /** Starts a node again, as it was. */
  start(node: NodeId): Promise<void> {
    return this.stack.startNode(node, this.extra[node]);
  }

  /** SIGKILL: nothing is finished, nothing is said. */
  async kill(node: NodeId): Promise<void> {
    const end = await this.stack.killNode(node);
    if (end?.signal !== 'SIGKILL') throw new Error(`${node} was not killed: ${JSON.stringify(end)}`);
  }

  /** Processes by their ids, then the folder. */
  async end(): Promise<void> {
    await this.stack.stop();
    this.clean();
  }

  token(agency: string, role: string): Promise<string> {
    const name = `${role} ${agency}`;
    const known = this.tokens.get(name) ?? this.stack.token(role, agency as AgencyCode);
    this.tokens.set(name, known);
    return known;
  }

  async ask<T>(asked: Asked): Promise<Answer<T>> {
    const { agency, role = 'clerk', path, headers, body, method = body === undefined ? 'GET' : 'POST' } = asked;
    const response = await this.fetch(`${this.urlOf(nodeOfAgency(agency))}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.token(agency, role)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  /** A command at the node of the agency that gives it, with the contract's example as data. */
  give(command: DossierCommandName, subject: string, given: Given): Promise<Answer<Refusable>> {
    const { agency, role = roleFor(command), key = randomUUID(), wait } = given;
    const data = { ...findContract('command', command, 1)?.example, ...given.data };
    const [, receivingAgency, id] = subject.split('/');
    const files = command === 'file-dossier';
    return this.ask({
      agency,
      role,
      path: files ? '/v1/dossiers' : `/v1/dossiers/${receivingAgency}/${id}/${command}`,
      headers: { 'idempotency-key': key, ...(wait === undefined ? {} : { prefer: `wait=${wait}` }) },
      body: files ? { id, receivingAgency, data } : { data },
    });
  }

  /** Each is accepted, at once or as soon as the openings that come after the events are here; gives the answers. */
  async acts(
    subject: string,
    ...steps: readonly (readonly [DossierCommandName, Given])[]
  ): Promise<readonly Refusable[]> {
    const answers: Refusable[] = [];
    for (const [command, given] of steps) {
      const { status, body } = await this.giveOpened(command, subject, given);
      if (status >= 300 || body.status !== 'accepted')
        throw new Error(`${command} on ${subject}: ${status} ${JSON.stringify(body)}`);
      answers.push(body);
    }
    return answers;
  }

  /** Openings follow the events they open: who is quicker is told so, and asks again. */
  private giveOpened(command: DossierCommandName, subject: string, given: Given): Promise<Answer<Refusable>> {
    return eventually(async () => {
      const answer = await this.give(command, subject, given);
      if (answer.body.code === 'OPENINGS_MISSING') throw new Error(`${command} on ${subject}: ${answer.body.detail}`);
      return answer;
    });
  }

  async dossier(subject: string, node: NodeId): Promise<Answer<Partial<DossierView>>> {
    const [, agency, id] = subject.split('/');
    return this.ask({ agency: this.seatAt(node, subject), path: `/v1/dossiers/${agency}/${id}` });
  }

  /** Until the node shows the dossier in this situation. */
  async seen(subject: string, node: NodeId, situation: string): Promise<void> {
    await eventually(async () => {
      const { status, body } = await this.dossier(subject, node);
      if (body.situation !== situation) throw new Error(`${node} shows ${subject} ${status} ${body.situation ?? ''}`);
    });
  }

  /** What an operator of the node sees. */
  async operator<T>(node: NodeId, path: string): Promise<T> {
    const { status, body } = await this.ask<T>({ agency: seatOf(node), role: 'operator', path });
    if (status !== 200) throw new Error(`${node} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }
  deliveries(node: NodeId): Promise<DeliveriesView> {
    return this.operator(node, '/v1/deliveries');
  }
  status(node: NodeId): Promise<StatusView> {
    return this.operator(node, '/v1/status');
  }
  held(node: NodeId): Promise<HeldView> {
    return this.operator(node, '/v1/held');
  }

  private urlOf(node: NodeId): string {
    const found = this.stack.urls.get(node);
    if (found === undefined) throw new Error(`no address of ${node}`);
    return found;
  }

  /** At the communes only the agencies of a dossier read it. */
  private seatAt(node: NodeId, subject: string): string {
    const named = subject.split('/')[1] ?? '';
    return nodeOfAgency(named) === node ? named : seatOf(node);
  }
}

export const seatOf = (node: NodeId): string => SEAT_OF[node] ?? '';
export const newDossier = (agency = 'H26.129.05'): string => `dossier/${agency}/${randomUUID()}`;
export const toDistrict = {
  to: 'H26.129',
  reason: 'route',
  step: 'appraise',
  legDueAt: '2023-06-20T10:00:00.000Z',
} as const;

export function nodeOfAgency(agency: string): NodeId {
  if (agency === 'H26.129') return DISTRICT;
  return agency.startsWith('H26.129.') ? COMMUNES : CITY;
}

const HEADS: readonly DossierCommandName[] = ['resolve', 'refuse', 'extend-due-date'];
const OFFICERS: readonly DossierCommandName[] = ['start-processing', 'complete-step', 'request-supplement'];
const roleFor = (command: DossierCommandName): string =>
  HEADS.includes(command) ? 'head' : OFFICERS.includes(command) ? 'officer' : 'clerk';
