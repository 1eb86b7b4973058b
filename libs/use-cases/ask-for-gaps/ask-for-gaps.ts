/** Asks for what held events wait for, once a gap is older than ten seconds (wire format 2.2, `resend-wanted`). */
import { askedAfter, questionsFor, RetryBudget, type Asked } from '#libs/exchange';
import { instantToMs, msToInstant, type AgencyCode } from '#libs/kernel';
import { eachAlone } from '../each-alone.ts';
import { sendExchange } from '../exchange-messages.ts';
import type { NodeServices } from '../node-services.ts';
import { openStored } from '../stored-messages.ts';

const PAGE = 1000;
/** Questions in all; what finds none left is asked at a later turn. */
const QUESTIONS = { most: 1000, perSecond: 200 };

export class GapDesk {
  private readonly services: NodeServices;
  private readonly budget = new RetryBudget(QUESTIONS);
  private asked: ReadonlyMap<string, Asked> = new Map();

  constructor(services: NodeServices) {
    this.services = services;
  }

  /** Gives how many questions were sent. */
  async ask(askAfterMs: number): Promise<number> {
    const { services } = this;
    const nowMs = instantToMs(services.wallClock.now());
    const held = await services.store.findGapsOlderThan(msToInstant(nowMs - askAfterMs), PAGE);
    const events = held.filter(({ subject }) => !subject.startsWith('exchange/'));
    if (events.length === 0) return 0;
    const graphs = await services.store.loadGraphs([...new Set(events.map(({ subject }) => subject))]);
    const heads = new Map<string, number>();
    const parties = new Map<string, readonly AgencyCode[]>();
    for (const [subject, { head }] of graphs) {
      if (!head) continue;
      heads.set(subject, head.streamseq);
      parties.set(subject, head.parties);
    }
    const gaps = events.map((message) => ({
      subject: message.subject,
      source: message.source,
      streamseq: Number(openStored(message).message.streamseq),
      heldSinceMs: instantToMs(message.heldSince),
    }));
    const wanted = questionsFor(gaps, this.asked, {
      directory: services.directory(),
      at: services.clock.now(),
      nowMs,
      ownNode: services.node,
      heads,
      parties,
    });
    const questions = wanted.filter(() => this.budget.take(nowMs));
    // One that could not be sent counts as asked: after the pause it goes to the next holder.
    await eachAlone(services, questions, {
      work: ({ to, data }) => sendExchange(services, to, 'resend-wanted', data),
      name: ({ to, subject }) => `resend-wanted/${to}/${subject}`,
    });
    this.asked = askedAfter(this.asked, questions, nowMs);
    return questions.length;
  }
}
