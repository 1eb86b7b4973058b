/**
 * Commands recorded here and not answered yet (wire format 2.1): decided where this node serves the agency that may,
 * passed on where another does, kept while a transfer or openings are awaited, answered EXPIRED when their time is over.
 *
 * States of a command here: waiting → answered | passed on (and waiting again when it comes back a longer way).
 *
 * Promises: a command acts once, whatever was lost or repeated (its hash is looked for among the causes of the stream
 * before anything is decided, and its answer is one unit with what it did); an answer is never half given; a node that has
 * sent or passed a command on does not decide it behind the back of whoever has it now, until it comes back. Only an event
 * that the command caused before the dossier came here, and its expiry, are said by two nodes, which then say the same. Two processes may look at the same command:
 * the ledger lets one of them win. Proved by `when-command-recorded-then-decide.int.spec.ts`.
 */
import { isParty, type RefusalCode } from '#libs/dossier';
import { routeCommand } from '#libs/exchange';
import {
  instantToMs,
  splitSource,
  splitSubject,
  splitType,
  type AgencyCode,
  type Hash,
  type Subject,
} from '#libs/kernel';
import { directoryRules } from '../decide/directory-rules.ts';
import { withoutOpenings } from '../decide/missing-openings.ts';
import { OpeningsWatch } from '../decide/openings-watch.ts';
import type { NodeServices } from '../node-services.ts';
import { eachAlone } from '../each-alone.ts';
import type { StoredMessage } from '../ports/index.ts';
import { NOTHING_STOPPED, type StopSwitches } from '../stop-loops/stop-switches.ts';
import { openStored } from '../stored-messages.ts';
import { AnswersAwaited } from './answers-awaited.ts';
import { decideCommand } from './decide-command.ts';
import { acceptedUnit, refuse, settle } from './outcomes.ts';
import { passOn } from './pass-on.ts';
import { refuseForGood, refuseUnrouted } from './refuse-unrouted.ts';
import { Rehomer } from './rehome-first.ts';
import type { CommandFate, Placed, RecordedCommand } from './recorded-command.ts';

const PAGE = 500;
const ATTEMPTS = 20;
/** One that has lain here this long has waited, whatever a process remembers of it. */
const HAS_WAITED_MS = 10_000;

export class CommandDesk {
  private readonly services: NodeServices;
  private readonly watch: OpeningsWatch;
  private readonly awaited: AnswersAwaited;
  private readonly rehomer: Rehomer;

  constructor(services: NodeServices, stops: Pick<StopSwitches, 'isStopped'> = NOTHING_STOPPED) {
    this.services = services;
    this.watch = new OpeningsWatch(services);
    this.awaited = new AnswersAwaited(services, stops);
    this.rehomer = new Rehomer(services);
  }

  /** Looks at a page of the streams with unanswered commands. */
  async answerWaiting(): Promise<void> {
    const subjects = await this.services.store.listUnanswered(PAGE);
    await eachAlone(this.services, subjects, { work: (subject) => this.answer(subject), name: (subject) => subject });
  }

  /** Looks at every unanswered command of a stream, in log order. */
  async answer(subject: Subject): Promise<readonly CommandFate[]> {
    const fates: CommandFate[] = [];
    for (const stored of await this.services.store.findUnanswered(subject))
      fates.push(await this.untilSettled(readRecorded(stored)));
    return fates;
  }

  private async untilSettled(command: RecordedCommand): Promise<CommandFate> {
    for (let count = 1; count < ATTEMPTS; count++) {
      const fate = await this.look(command);
      if (fate === 'conflict') continue;
      if (fate !== 'kept') this.forget(command);
      return fate;
    }
    return 'kept';
  }

  private forget(command: RecordedCommand): void {
    this.watch.forget(command.sealed.hash);
    this.awaited.forget(command);
  }

  private async look(command: RecordedCommand): Promise<CommandFate> {
    const { services } = this;
    const subject = command.sealed.message.subject as Subject;
    const now = services.clock.now();
    if (splitSubject(subject).kind !== 'dossier') return refuseForGood(services, command);
    const loaded = await services.shelf.load(subject);
    const route = routeCommand(services.directory(), subject, loaded.head?.hand, now);
    if (!route) return refuseUnrouted(services, command);
    if (route.node !== services.node)
      return (await this.awaited.isAwaited(command)) ? 'kept' : passOn(services, command, route);
    return this.lookAtOwn(command, { loaded, route });
  }

  /** In the hand of an agency of this node, or on the way to one. */
  private async lookAtOwn(command: RecordedCommand, placed: Placed): Promise<CommandFate> {
    const { services } = this;
    const { route, loaded } = placed;
    const done = await this.findDone(command, loaded.subject);
    if (done.length > 0)
      return settle(services, acceptedUnit(services, command, { writer: route.agency, events: done }));
    if (services.clock.now() > (command.sealed.message.expirytime ?? '')) return this.expire(command, placed);
    if (await this.awaited.isAwaited(command)) return 'kept';
    const fault = await this.findFault(command, placed);
    if (fault) return fault;
    return route.why === 'rehomer' ? this.rehomer.rehomeFirst(command, placed) : this.decideOrWait(command, placed);
  }

  /** Events of the stream that this command has already caused, here or at a custodian before; that it made the dossier move is no answer. */
  private async findDone({ sealed }: RecordedCommand, subject: Subject): Promise<readonly Hash[]> {
    const caused = await this.services.store.findCaused(sealed.hash);
    const events = caused.filter(({ class: of }) => of === 'event').map(openStored);
    return events
      .filter(({ message }) => message.subject === subject && splitType(message.type)?.name !== 'rehomed')
      .map(({ hash }) => hash);
  }

  /** Whoever is no party, and data that fit no contract, are answered at once: no waiting would change it. */
  private async findFault(command: RecordedCommand, { loaded, route }: Placed): Promise<CommandFate | undefined> {
    const { services } = this;
    const { requester, sealed } = command;
    const why = (code: RefusalCode, details: Record<string, string>): Promise<CommandFate> =>
      refuse(services, command, { code, details, writer: route.agency });
    const type = splitType(sealed.message.type);
    if (!type || !services.contracts.fits(type, sealed)) return why('INVALID', { fault: '/data' });
    if (loaded.parked) return undefined;
    const directory = directoryRules(services.directory(), services.clock.now());
    const isKnown = isParty({ agency: requester, dossier: loaded.subject, directory }, loaded.state);
    return isKnown ? undefined : why('NOT_A_PARTY', { agency: requester });
  }

  /** Kept until the fold goes on, the transfer that names this node is answered, or the openings are there. */
  private async decideOrWait(command: RecordedCommand, { loaded, route }: Placed): Promise<CommandFate> {
    const { sealed, name } = command;
    if (loaded.parked || (route.why === 'next' && name !== 'recall')) return 'kept';
    const missing = await withoutOpenings(this.services, [sealed]);
    if (missing.length === 0) return decideCommand(this.services, command, { loaded, route });
    await this.watch.note({
      key: sealed.hash,
      subject: loaded.subject,
      events: missing,
      source: sealed.message.source,
      ...(loaded.head ? { head: loaded.head } : {}),
      purpose: 'command',
    });
    return 'kept';
  }

  /** One that waited for openings in vain is told so; every other one has expired (wire format 2.1). */
  private async expire(command: RecordedCommand, { route }: Placed): Promise<CommandFate> {
    const { sealed, stored } = command;
    const writer = route.agency;
    const lainMs = instantToMs(this.services.wallClock.now()) - instantToMs(stored.appendedAt);
    const waited = this.watch.has(sealed.hash) || lainMs >= HAS_WAITED_MS;
    const missing = waited ? await withoutOpenings(this.services, [sealed]) : [];
    if (missing.length > 0)
      return refuse(this.services, command, { code: 'OPENINGS_MISSING', details: { missing: sealed.hash }, writer });
    const details = { expiredAt: sealed.message.expirytime ?? '' };
    return refuse(this.services, command, { code: 'EXPIRED', details, writer });
  }
}

function readRecorded(stored: StoredMessage): RecordedCommand {
  const sealed = openStored(stored);
  return {
    sealed,
    stored,
    name: splitType(sealed.message.type)?.name ?? '',
    requester: (splitSource(sealed.message.source)?.name ?? '') as AgencyCode,
  };
}
