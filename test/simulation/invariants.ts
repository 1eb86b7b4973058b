/**
 * What must hold in a simulated world, whatever goes wrong (design 13). Some after every step, the rest when the faults have
 * ended and everything has had time to arrive.
 */
import { agencyInHand, splitType, type AgencyCode, type Subject } from '#libs/kernel';
import { openStored, type EventStore } from '#libs/use-cases';
import type { SimNode } from './sim-node.ts';
import type { Observed, Seen, Violation } from './seen.ts';
import { acknowledged, once } from './invariants-of-commands.ts';
import { delivered, entitled, erased, presented, readable, same, unforked, whole } from './invariants-of-ledgers.ts';
import type { People } from './people.ts';
import type { World } from './world.ts';

export class Observer implements Seen {
  readonly observed: readonly Observed[];
  readonly world: World;
  readonly people: People;

  constructor(world: World, people: People) {
    this.world = world;
    this.people = people;
    this.observed = world.nodes.map(observe);
  }

  /** Cheap enough to be asked after every step of the world. */
  async step(): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const one of this.observed) found.push(...(await this.grown(one)));
    found.push(...this.unexpected());
    return found;
  }

  /** The log only grows; and two agencies that are not contested never have one dossier at once. */
  private async grown(one: Observed): Promise<Violation[]> {
    if (one.node.restoredAtMs.length > one.restores) {
      one.restores = one.node.restoredAtMs.length;
      one.seen = 0;
    }
    const { size } = one.node.ledger;
    if (size === one.seen) return [];
    if (size < one.seen)
      return [{ invariant: 'the log only grows', detail: `${one.node.node}: ${one.seen} → ${size}` }];
    const rows = await one.store.readLog(one.seen - 1, 1_000);
    const subjects = new Set(
      rows.filter(({ class: of }) => of === 'event').map((row) => openStored(row).message.subject),
    );
    one.seen += rows.length;
    const found = await Promise.all([...subjects].map((subject) => this.custodiansOf(subject as Subject)));
    return found.flat();
  }

  private async custodiansOf(subject: Subject): Promise<Violation[]> {
    const believed = new Set<AgencyCode>();
    for (const { node, store } of this.observed) {
      const head = await store.findHead(subject);
      // A rehoming takes a dossier out of a hand that does not know it yet: then they differ until it has heard.
      if (head?.branched || head?.fork || (await isRehomed(store, subject))) return [];
      if (node.isBehind) return [];
      if (head?.hand?.kind === 'held' && node.agencies.includes(agencyInHand(head.hand)))
        believed.add(head.hand.custodian);
    }
    if (believed.size < 2) return [];
    return [{ invariant: 'one custodian', detail: `${subject} is held by ${[...believed].join(' and ')}` }];
  }

  private unexpected(): Violation[] {
    const failed = this.people.asked.find(({ failed: code }) => code?.startsWith('UNEXPECTED'));
    const reported = this.world.reports.find(({ code, details }) => isAlarm(code, details));
    return [
      ...(failed
        ? [{ invariant: 'no error that nobody expects', detail: `${failed.act.command}: ${failed.failed}` }]
        : []),
      ...(reported ? [{ invariant: 'no error that nobody expects', detail: JSON.stringify(reported) }] : []),
    ];
  }

  /** When all has ended well. */
  async end(): Promise<Violation[]> {
    const checks = [acknowledged, once, delivered, same, unforked, entitled, presented, readable, erased, whole];
    const found: Violation[] = [];
    for (const check of checks) found.push(...(await check(this)));
    return found;
  }
}

function observe(node: SimNode): Observed {
  let [store, restores] = [node.ledger.open(), node.restoredAtMs.length];
  return {
    node,
    // A ledger that was put back is another state under the same name.
    get store() {
      if (node.restoredAtMs.length > restores) [store, restores] = [node.ledger.open(), node.restoredAtMs.length];
      return store;
    },
    seen: 0,
    restores: 0,
  };
}

async function isRehomed(store: EventStore, subject: Subject): Promise<boolean> {
  const events = await store.readStream(subject, 'all');
  return events.some((stored) => splitType(openStored(stored).message.type)?.name === 'rehomed');
}

/** Faults of the program, as against those of the world. */
const isAlarm = (code: string, details: Readonly<Record<string, unknown>> | undefined): boolean =>
  (code === 'JOB_FAILED' && details?.['code'] !== 'BROKER_UNAVAILABLE') ||
  (code === 'WORK_FAILED' && details?.['code'] === 'UNEXPECTED') ||
  code === 'DIRECTORY_ALARM' ||
  code === 'DIRECTORY_STATEMENT_REFUSED';
