/** How each kind of fault is done to a world, and how all of them are made good. */
import { agencyInHand, type AgencyCode, type JsonObject, type Subject } from '#libs/kernel';
import type { Dice } from './dice.ts';
import type { People } from './people.ts';
import { lateAgency, type Fault, type FaultKind } from './fault-plan.ts';
import { isPlain } from './layout.ts';
import { CALM } from './sim-network.ts';
import type { Backup, SimNode } from './sim-node.ts';
import type { World } from './world.ts';
import { mailboxOf } from '#libs/use-cases';

interface Scene {
  readonly world: World;
  readonly people: People;
  readonly dice: Dice;
}

export function injectFaults(world: World, people: People, plan: readonly Fault[]): void {
  for (const fault of plan) {
    const scene = { world, people, dice: world.dice.part(`fault ${fault.id}`) };
    const node = world.nodes[fault.node % world.nodes.length] as SimNode;
    world.time.after(fault.atMs, () => INJECT[fault.kind](scene, fault, node));
  }
}

/** Everything that goes on going wrong stops. */
export async function heal(world: World): Promise<void> {
  const { network } = world;
  network.weather = CALM;
  network.isAway = false;
  network.cut.clear();
  for (const node of world.nodes) {
    node.skewMs = 0;
    node.deathOverNextAct = undefined;
    await node.start();
    await node.recover();
  }
}

type Inject = (scene: Scene, fault: Fault, node: SimNode) => void | Promise<void>;

const INJECT: Readonly<Record<FaultKind, Inject>> = {
  /** At some call of a port, before or after it took effect; a new process a while later. */
  crash: ({ world, dice }, { forMs }, node) => {
    const method = dice.oneOf(['append', 'append', 'record', 'put', 'send', 'markSent', 'markPassedOn', undefined]);
    const death = { nth: dice.between(1, method === undefined ? 120 : 3), after: dice.isLess(0.5) };
    for (const { gate } of node.processes) gate.killAt({ ...death, ...(method !== undefined && { method }) });
    world.time.after(forMs / 4, async () => {
      node.kill();
      await node.start();
    });
  },
  /** Before what a clerk asks for is done, or after and before the clerk hears of it. */
  'crash-over-act': ({ world, dice }, _fault, node) => {
    node.deathOverNextAct = { method: dice.oneOf(['append', 'append', 'put']), nth: 1, after: dice.isLess(0.6) };
    world.time.after(60_000, async () => {
      node.deathOverNextAct = undefined;
      await node.start();
    });
  },
  /** A receiver that never answers, until the very end. */
  away: (_scene, _fault, node) => node.kill(),
  cut: ({ world }, { forMs }, { node }) => {
    world.network.cut.add(node);
    world.time.after(forMs, () => void world.network.cut.delete(node));
  },
  'broker-away': ({ world }, { forMs }) => {
    world.network.isAway = true;
    world.time.after(forMs, () => void (world.network.isAway = false));
  },
  storm: ({ world, dice }, { forMs }) => {
    world.network.weather = {
      lost: dice.fraction() * 0.3,
      doubled: dice.fraction() * 0.3,
      damaged: dice.fraction() * 0.1,
      lateMs: dice.fraction() * 40_000,
    };
    world.time.after(forMs, () => void (world.network.weather = CALM));
  },
  'last-storm': ({ world }, { forMs }) => {
    world.network.weather = { lost: 0.5, doubled: 0.1, damaged: 0.1, lateMs: 20_000 };
    world.time.after(forMs, () => void (world.network.weather = CALM));
  },
  wipe: ({ world }, _fault, { node }) => world.network.wipe(mailboxOf(node)),
  expire: ({ world }, _fault, { node }) => world.network.expire(mailboxOf(node)),
  /** More than the 300 s that a receiver bears, now and then. */
  skew: ({ world, dice }, { forMs }, node) => {
    node.skewMs = dice.between(-400_000, 400_000);
    world.time.after(forMs, () => void (node.skewMs = 0));
  },
  'two-processes': async (_scene, _fault, node) => node.start('second'),
  restore: (scene, fault, node) => putBack(scene, fault, { node, backup: { ledger: node.ledger.backup() } }),
  /** And a vault as old: erasures since are carried out on it once more, openings asked for again. */
  'restore-all': (scene, fault, node) =>
    putBack(scene, fault, { node, backup: { ledger: node.ledger.backup(), vault: node.vault.backup() } }),
  'joins-late': ({ world }, fault) => world.join(lateAgency(fault, world.nodes.length)),
  suspension: suspend,
  succession: succeed,
};

/** How old the backup is: `forMs`. The mark is lost with the machine now and then; somebody calls for the recovery later. */
function putBack(
  { world, dice }: Scene,
  { forMs }: Fault,
  { node, backup }: { readonly node: SimNode; readonly backup: Backup },
): void {
  const isMarkLost = dice.isLess(0.3);
  world.time.after(forMs, async () => {
    node.putBack(backup, { isMarkLost, isMadeAnew: dice.isLess(0.5) });
    await node.start();
    world.time.after(dice.between(2_000, 40_000), () => node.recover());
  });
}

/** The registrar names a rehomer for one dossier, in whose hand it may be; both the rehomer and the custodian may act next. */
async function suspend({ world, people, dice }: Scene): Promise<void> {
  const subject = dice.oneOf(people.dossiers);
  if (subject === undefined) return;
  const seen = await dice.oneOf(world.nodes).within(({ services }) => services.store.findHead(subject));
  for (const code of new Set(seen?.result?.parties)) {
    const data = world.registrar.last(code) as JsonObject & { suspensions?: readonly JsonObject[] };
    const suspension = {
      from: '2023-06-14',
      streams: [subject],
      rehomer: 'H26',
      legalBasis: 'Quyết định 1/2023 (ví dụ)',
    };
    world.publish({ ...data, suspensions: [...(data.suspensions ?? []), suspension] }, 20_000);
  }
  world.time.after(25_000, () => race({ world, people, dice }, subject));
}

/** Both act on what they hold, neither hears of the other: then it shows whether all follow the same one. */
async function race({ world, people, dice }: Scene, subject: Subject): Promise<void> {
  const seen = await dice.oneOf(world.nodes).within(({ services }) => services.store.findHead(subject));
  const hand = seen?.result?.hand;
  const custodian = hand && world.homeOf(agencyInHand(hand));
  if (!custodian) return;
  world.network.cut.add(custodian.node);
  world.time.after(dice.between(5_000, 40_000), () => void world.network.cut.delete(custodian.node));
  const forward = { command: 'forward', agency: agencyInHand(hand) } as const;
  const acts = [
    () => rehome({ world, people, dice }, subject),
    () => people.ask(subject, forward),
    () => people.goOn(subject, custodian),
  ];
  for (const act of acts) world.time.after(dice.between(0, 4_000), act);
}

const rehome = ({ world, people, dice }: Scene, subject: Subject): Promise<void> =>
  people.ask(
    subject,
    { command: 'rehome', agency: 'H26' as AgencyCode },
    { to: dice.oneOf(world.agencies), reason: 'suspension' },
  );

/** A commune ends, another follows it; the city moves what the commune had. */
function succeed({ world, people, dice }: Scene): void {
  const ending = dice.oneOf(world.agencies.filter(isPlain));
  if (!world.isStated(ending)) return;
  const to = dice.oneOf(world.agencies.filter((code) => isPlain(code) && code !== ending));
  if (to === undefined) return;
  const data = world.registrar.last(ending) as JsonObject & { successions?: readonly JsonObject[] };
  if (data.successions && data.successions.length > 0) return;
  const succession = {
    to,
    kind: 'whole',
    rehomer: 'H26',
    legalBasis: 'Nghị quyết 1/2023 (ví dụ)',
    effective: '2023-06-14',
  };
  world.publish({ ...data, successions: [succession] }, 20_000);
  for (const subject of people.dossiers)
    world.time.after(dice.between(10_000, 90_000), () =>
      people.ask(subject, { command: 'rehome', agency: 'H26' as AgencyCode }, { to, reason: 'succession' }),
    );
}
