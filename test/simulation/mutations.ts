/**
 * Faults planted on purpose in the protocol's code, to try the simulation itself: each must be found. `from` stands exactly
 * once in its file. What a mutation breaks is said in its name; which seed finds it is nobody's concern.
 */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const COMMANDS = 'libs/use-cases/when-command-recorded-then-decide';
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'an originator decides what it has sent',
    file: `${COMMANDS}/answers-awaited.ts`,
    from: 'if (to === undefined) return false;',
    to: 'if (to !== undefined) return false;',
  },
  {
    name: 'nobody looks for what a command has done already',
    file: `${COMMANDS}/when-command-recorded-then-decide.ts`,
    from: 'if (done.length > 0)',
    to: 'if (done.length > 99)',
  },
  {
    name: 'a command is passed on and kept as well',
    file: `${COMMANDS}/pass-on.ts`,
    from: 'await services.store.markPassedOn(sealed.hash, way);',
    to: '',
  },
  {
    name: 'what a peer misses is not sent again',
    file: 'libs/use-cases/confirm-deliveries/confirm-deliveries.ts',
    from: 'await this.resend(status, watch, nowMs);',
    to: '',
  },
  {
    name: 'nobody is reminded of what no receipt covers',
    file: 'libs/use-cases/confirm-deliveries/confirm-deliveries.ts',
    from: 'if (isReminderDue(',
    to: 'if (nowMs < 0 && isReminderDue(',
  },
  {
    name: 'who becomes a recipient late is not sent what was before',
    file: 'libs/use-cases/write-events/write-events.ts',
    from: 'if (!earlierRead && needsEarlier(',
    to: 'if (earlierRead && needsEarlier(',
  },
  {
    name: 'a decline gives the dossier to who declined it',
    file: 'libs/kernel/custody.ts',
    from: "return before.kind === 'transit' ? { kind: 'held', custodian: before.from } : before;",
    to: "return before.kind === 'transit' ? { kind: 'held', custodian: before.to } : before;",
  },
  {
    name: 'a rehoming weighs nothing',
    file: 'libs/exchange/branches-weight.ts',
    from: "event.name === 'rehomed' && !discounted.has(event.hash) ? event.directoryVersion : undefined",
    to: "event.name === 'rehomed-not' && !discounted.has(event.hash) ? event.directoryVersion : undefined",
  },
  {
    name: 'a request that is sent again acts again',
    file: 'libs/use-cases/act-on-dossier/act-on-dossier.ts',
    from: 'if (!act.idempotency) return undefined;',
    to: 'if (act.command) return undefined;',
  },
  {
    name: 'the ledger is before the vault',
    file: 'libs/use-cases/act-on-dossier/act-on-dossier.ts',
    from: 'await services.vault.put(planned.disclosures);',
    to: 'await Promise.resolve().then(() => void services.store.logSize().then(() => services.vault.put(planned.disclosures)));',
  },
  {
    name: 'custody is accepted without the openings',
    file: 'libs/use-cases/decide/missing-openings.ts',
    from: 'if (committing.length === 0) return [];',
    to: 'if (committing.length >= 0) return [];',
  },
  {
    name: 'openings are not asked for after a rehoming',
    file: 'test/simulation/sim-node.ts',
    from: 'rehomed: () => rehomed.catchUp(),',
    to: '',
  },
];
