/**
 * One try of one item in trouble, by kind. Each does at once, and out of turn, what a loop of the node does at its own pace;
 * each may be done twice. Nothing is believed here that the border would not believe. Proved by `redrive-trouble.int.spec.ts`.
 */
import { likelyHolders, type RedriveTry } from '#libs/exchange';
import { formatStreamSeq, type Hash, type NodeId, type Subject } from '#libs/kernel';
import { answerExchange } from '../answer-peers/answer-exchange.ts';
import { sendExchange } from '../exchange-messages.ts';
import { planRecords } from '../ingest-mailbox/plan-records.ts';
import { recordPlan } from '../ingest-mailbox/record-plan.ts';
import type { NodeServices } from '../node-services.ts';
import type { HeldMessage, TroubleReads, TroubleRow } from '../ports/index.ts';
import { judgeAgain } from '../release-held/release-held.ts';
import { sendCommandAgain } from '../send-openings/send-command-again.ts';
import type { StopSwitches } from '../stop-loops/stop-switches.ts';
import { openStored } from '../stored-messages.ts';
import { CommandDesk } from '../when-command-recorded-then-decide/when-command-recorded-then-decide.ts';
import type { OtherKind } from './select-trouble.ts';

export type TriedAgain = Pick<RedriveTry, 'became' | 'code'>;
/** Folds these dossiers of the lists anew. Gives how many go on. */
export type Refold = (subjects: readonly Subject[]) => Promise<number>;

const ATTEMPTS = 20;
const GONE: TriedAgain = { became: 'gone' };
const failed = (code: string): TriedAgain => ({ became: 'failed', code });

export interface TryGround {
  readonly reads: TroubleReads;
  readonly stops: Pick<StopSwitches, 'isStopped'>;
  readonly refold?: Refold | undefined;
}

export class TroubleTries {
  private readonly services: NodeServices;
  private readonly ground: TryGround;
  private readonly commands: CommandDesk;

  constructor(services: NodeServices, ground: TryGround) {
    this.services = services;
    this.ground = ground;
    this.commands = new CommandDesk(services);
  }

  again(kind: OtherKind, row: TroubleRow): Promise<TriedAgain> {
    switch (kind) {
      case 'held':
        return this.held(row);
      case 'parked':
        return this.parked(row);
      case 'undeliverable':
        return this.undeliverable(row);
      case 'limbo':
        return this.limbo(row);
    }
  }

  /** Judged again; where it still waits for an event, everybody who may hold that is asked. */
  private async held({ hash }: TroubleRow): Promise<TriedAgain> {
    const [held] = hash === undefined ? [] : await this.ground.reads.findHeld([hash]);
    if (!held) return GONE;
    if (!(await this.judged(held))) return failed('CONTENDED');
    if ((await this.services.store.findByHash([held.hash])).has(held.hash)) return { became: 'recorded' };
    const [still] = await this.ground.reads.findHeld([held.hash]);
    if (still) return still.reason === 'GAP' ? this.asked(still) : failed(still.reason);
    return held.subject.startsWith('exchange/') ? { became: 'answered' } : failed('QUARANTINED');
  }

  private async judged(held: HeldMessage): Promise<boolean> {
    const { services } = this;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const arrived = [judgeAgain(services, held)];
      const plan = await planRecords(services, arrived, [held]);
      const { verdict } = await recordPlan(services, { arrived, plan });
      if (verdict.kind === 'conflict') continue;
      await answerExchange(services, arrived, plan.freedExchange);
      services.bell.ring();
      return true;
    }
    return false;
  }

  private async asked({ subject, source }: HeldMessage): Promise<TriedAgain> {
    const { services } = this;
    const head = await services.store.findHead(subject);
    const holders = likelyHolders(
      { subject, source },
      {
        directory: services.directory(),
        at: services.clock.now(),
        ownNode: services.node,
        parties: new Map([[subject, head?.parties ?? []]]),
      },
    );
    const data = { stream: subject, from: formatStreamSeq((head?.streamseq ?? 0) + 1) };
    for (const holder of holders) await sendExchange(services, holder, 'resend-wanted', data);
    return holders.length > 0 ? { became: 'asked' } : failed('GAP');
  }

  /** Folded anew in the lists and for decisions; a fork is ended by an event alone. */
  private async parked({ subject, reason }: TroubleRow): Promise<TriedAgain> {
    const { services, ground } = this;
    if (subject === undefined || reason === 'FORK' || !ground.refold) return failed(reason);
    services.shelf.forget(subject);
    const [{ parked }, inLists] = [await services.shelf.load(subject), await ground.refold([subject])];
    if (parked) return failed(parked.code);
    return inLists > 0 ? { became: 'applied' } : failed(reason);
  }

  /** On its number, at the pace of what is sent again; what was never sent is the relay's, in order. */
  private async undeliverable({ peer, line, number, reason }: TroubleRow): Promise<TriedAgain> {
    if (peer === undefined || line === undefined || number === undefined) return failed(reason);
    if (this.ground.stops.isStopped({ loop: 'deliveries', peer })) return failed('LOOP_STOPPED');
    if (reason === 'UNSENT') return failed(reason);
    await this.services.store.requestResend(peer, [number], line);
    return { became: 'sent' };
  }

  /** Asked again where it was asked first, or decided now if it is this node's to decide. */
  private async limbo({ hash, subject, reason }: TroubleRow): Promise<TriedAgain> {
    if (hash === undefined || subject === undefined) return failed(reason);
    const to = reason === 'AWAITS_OUTCOME' ? await this.services.store.findFirstReceiver(hash) : undefined;
    return to === undefined ? this.decided({ hash, subject, reason }) : this.askedAgain(hash, to);
  }

  private async askedAgain(hash: Hash, to: NodeId): Promise<TriedAgain> {
    const stored = (await this.services.store.findByHash([hash])).get(hash);
    if (!stored) return GONE;
    await sendCommandAgain(this.services, openStored(stored), { to, hops: 0 });
    return { became: 'asked' };
  }

  private async decided({
    hash,
    subject,
    reason,
  }: {
    hash: Hash;
    subject: Subject;
    reason: string;
  }): Promise<TriedAgain> {
    await this.commands.answer(subject);
    const caused = await this.services.store.findCaused(hash);
    return caused.some((one) => one.class === 'outcome') ? { became: 'answered' } : failed(reason);
  }
}
