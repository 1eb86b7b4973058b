/** What each role of a gateway process does (design 2). No role needs to be alone to be correct. */
import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayConfig, GatewayRole } from '#libs/config';
import { instantToMs } from '#libs/kernel';
import {
  AcceptanceDesk,
  ownAgencies,
  CheckpointSigner,
  CommandDesk,
  DeliveryMender,
  ErasureDesk,
  GapDesk,
  markOverdueOpinions,
  MoveDesk,
  CustodyDesk,
  RedriveRunner,
  type RecoveryDesk,
  Relay,
  releaseHeld,
  ReceiptPace,
  sendReceipts,
  sweepVault,
  type DirectoryDesk,
  type DossierDeadlines,
  type LineDesk,
  type NodeServices,
  type RunnerGround,
  type StopSwitches,
  type TroubleStore,
} from '#libs/use-cases';
import type { Housekeeping } from '../wiring/housekeeping.ts';
import { pruneLoop } from './prune-loop.ts';
import { startLoop, type Loop, type LoopServices } from './loop.ts';

export interface RoleLoops {
  readonly loops: readonly Loop[];
  /** A last checkpoint over what was appended until now (wire format 8). */
  signLast(): Promise<void>;
}

type RoleServices = NodeServices & Pick<LoopServices, 'tracing' | 'failed'>;
export interface RolesOf {
  readonly services: RoleServices;
  readonly config: GatewayConfig;
  /** Names this process in leases. */
  readonly owner: string;
  readonly deadlines: DossierDeadlines;
  readonly directory: Pick<DirectoryDesk, 'retryEarly'>;
  readonly lines: Pick<LineDesk, 'ask'>;
  readonly trouble: { readonly store: TroubleStore; readonly stops: StopSwitches };
  readonly parked?: RunnerGround['parked'];
  readonly housekeeping: Pick<Housekeeping, 'prune'>;
  readonly recovery: RecoveryDesk;
  /** Whether the directory has been read to the end that it had: a recovery asks every node there is. */
  readonly isDirectoryLevel: () => boolean;
}

export function startRoles(roles: RolesOf): RoleLoops {
  const { services, config, deadlines, directory, trouble } = roles;
  const has = (role: GatewayRole): boolean => config.roles.includes(role);
  const signer = has('checkpoints') ? new CheckpointSigner(services) : undefined;
  return {
    loops: [
      startLoop(services, {
        name: 'early-statements',
        everyMs: 5000,
        needs: 'takesIn',
        run: async () => void (await directory.retryEarly(services)),
      }),
      lifeLoop(services),
      startLoop(services, { name: 'stop-switches', everyMs: 1000, run: () => trouble.stops.refresh() }),
      ...(has('api') || has('projections') ? [pruneLoop(services, trouble.stops, roles.housekeeping)] : []),
      ...(has('relay') ? relayLoops(roles) : []),
      ...(has('ingest')
        ? [...ingestLoops(roles), recoveryLoop(roles), ...automationLoops(services, deadlines, trouble.stops)]
        : []),
      ...(signer ? [checkpointLoop(services, signer, config.checkpointIntervalMs)] : []),
    ],
    signLast: async () => {
      if (services.life.signs) await signer?.signOnce();
    },
  };
}

/** How old the mark beside the keys may be (design 5, *Life*). */
const MARK_MS = 1000;

function lifeLoop(services: RoleServices): Loop {
  return startLoop(services, {
    name: 'life',
    everyMs: MARK_MS,
    run: async () => {
      if (services.life.state !== 'unproved') await services.life.look(services.store);
    },
  });
}

function recoveryLoop({ services, recovery, isDirectoryLevel }: RolesOf): Loop {
  return startLoop(services, {
    name: 'recover',
    everyMs: 1000,
    needs: 'takesIn',
    run: async () => {
      if (isDirectoryLevel()) await recovery.turn();
    },
  });
}

/** Also of a node that is recovering: what it holds is signed, and a peer that recovers as well may wait for it. */
function relayLoops({ services, owner, trouble }: RolesOf): readonly Loop[] {
  const mender = new DeliveryMender(services, trouble.stops);
  const relay = new Relay(services, owner, trouble.stops, (ms) => pause(ms, undefined, { ref: false }));
  return [
    startLoop(services, {
      name: 'relay',
      needs: 'takesIn',
      everyMs: 500,
      wakes: true,
      run: async () => {
        while ((await relay.turn()) > 0);
      },
    }),
    startLoop(services, {
      name: 'mend-deliveries',
      needs: 'takesIn',
      everyMs: 1000,
      run: () => mender.mend(instantToMs(services.wallClock.now())),
    }),
  ];
}

function ingestLoops({ services, config, owner, lines, trouble, parked }: RolesOf): readonly Loop[] {
  const gaps = new GapDesk(services);
  const receipts = new ReceiptPace();
  const { store, stops } = trouble;
  const redrives = new RedriveRunner(services, store, { stops, owner, parked });
  const unlessStopped = (loop: 'release-held' | 'ask-for-gaps', run: () => Promise<unknown>): Loop =>
    startLoop(services, {
      name: loop,
      needs: 'takesIn',
      everyMs: 1000,
      run: async () => void (stops.isStopped({ loop }) || (await run())),
    });
  return [
    startLoop(services, {
      name: 'receipts',
      needs: 'takesIn',
      everyMs: 250,
      wakes: true,
      run: async () => void (stops.isStopped({ loop: 'receipts' }) || (await sendReceipts(services, receipts))),
    }),
    startLoop(services, {
      name: 'ask-for-lines',
      needs: 'takesIn',
      everyMs: 1000,
      wakes: true,
      run: async () => void (await lines.ask()),
    }),
    unlessStopped('release-held', () => releaseHeld(services)),
    unlessStopped('ask-for-gaps', () => gaps.ask(config.holdAskAfterMs)),
    startLoop(services, {
      name: 'redrive',
      needs: 'signs',
      everyMs: 500,
      run: async () => void (await redrives.turn()),
    }),
  ];
}

const A_DAY_MS = 86_400_000;

/** What follows from events by themselves, now or when time has passed. */
function automationLoops(services: RoleServices, deadlines: DossierDeadlines, stops: StopSwitches): readonly Loop[] {
  const acceptance = new AcceptanceDesk(services);
  const commands = new CommandDesk(services, stops);
  const erasures = new ErasureDesk(services);
  const custody = new CustodyDesk(services);
  const moves = new MoveDesk(services);
  const often = (name: string, run: () => Promise<unknown>): Loop =>
    startLoop(services, { name, needs: 'signs', everyMs: 1000, wakes: true, run: async () => void (await run()) });
  return [
    often('accept-custody', () => acceptance.acceptWaiting(ownAgencies(services))),
    often('answer-commands', () => commands.answerWaiting()),
    startLoop(services, {
      name: 'erase-personal-data',
      needs: 'signs',
      everyMs: 1000,
      run: async () => void (await erasures.catchUp()),
    }),
    startLoop(services, {
      name: 'ask-for-openings',
      needs: 'signs',
      everyMs: 1000,
      run: async () => void (await custody.catchUp()),
    }),
    startLoop(services, {
      name: 'hand-over-moved',
      needs: 'signs',
      everyMs: 1000,
      run: async () => void (await moves.catchUp()),
    }),
    startLoop(services, {
      name: 'overdue-opinions',
      needs: 'signs',
      everyMs: 2000,
      run: async () => void (await markOverdueOpinions(services, deadlines, ownAgencies(services))),
    }),
    startLoop(services, {
      name: 'sweep-vault',
      needs: 'signs',
      everyMs: A_DAY_MS,
      run: async () => void (await sweepVault(services)),
    }),
  ];
}

function checkpointLoop(services: RoleServices, signer: CheckpointSigner, everyMs: number): Loop {
  return startLoop(services, {
    name: 'checkpoints',
    needs: 'signs',
    everyMs,
    run: async () => void (await signer.signOnce()),
  });
}
