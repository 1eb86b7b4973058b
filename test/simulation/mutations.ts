/**
 * Faults planted on purpose in the protocol's code, to try the simulation itself: each must be found. What an edit replaces stands
 * exactly once in its file. What a mutation breaks is said in its name; which seed finds it is nobody's concern.
 */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly edits: Edits;
  /** Where another way would make good what the first one leaves undone. */
  /** Only where old databases are put back. */
  readonly restores?: number;
  readonly also?: { readonly file: string; readonly edits: Edits };
}
type Edits = readonly (readonly [from: string, to: string])[];

const COMMANDS = 'libs/use-cases/when-command-recorded-then-decide';
const ACT = 'libs/use-cases/act-on-dossier';
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'an originator decides what it has sent',
    file: `${COMMANDS}/answers-awaited.ts`,
    edits: [['if (to === undefined) return false;', 'if (to !== undefined) return false;']],
  },
  {
    name: 'an outcome is not sent to who asked',
    file: `${COMMANDS}/outcomes.ts`,
    edits: [['receiver === undefined || receiver === services.node ?', 'receiver !== services.node ?']],
    also: {
      file: 'libs/use-cases/answer-peers/answer-from-memory.ts',
      edits: [['if (outcomes.length === 0) continue;', 'if (outcomes.length >= 0) continue;']],
    },
  },
  {
    name: 'what a peer misses is not sent again',
    file: 'libs/use-cases/confirm-deliveries/confirm-deliveries.ts',
    edits: [['await this.resend(status, watch, nowMs);', '']],
    also: {
      file: 'libs/use-cases/answer-peers/receipt-arrived.ts',
      edits: [['await services.store.requestResend(peer, numbers, line);', '']],
    },
  },
  {
    name: 'no receipt is sent',
    file: 'test/simulation/sim-node.ts',
    edits: [['receipts: takingIn(() => sendReceipts(services)),', '']],
  },
  {
    name: 'a decline gives the dossier to who declined it',
    file: 'libs/kernel/custody.ts',
    edits: [["{ kind: 'held', custodian: before.from }", "{ kind: 'held', custodian: before.to }"]],
  },
  {
    name: 'a rehoming weighs nothing',
    file: 'libs/exchange/branches-weight.ts',
    edits: [["event.name === 'rehomed' && !discounted", "event.name === 'never' && !discounted"]],
  },
  {
    name: 'superseded events are not sent to the custodian',
    file: 'libs/exchange/recipients-branches.ts',
    edits: [['const due = [...recorded.told, ...own];', 'const due = [...recorded.told];']],
  },
  {
    name: 'who took over in a branch that lost does not hear of what won',
    file: 'libs/exchange/recipients-branches.ts',
    edits: [
      ["if (own.length === 0 && !(effect === 'aside' && isSpeaker)) return [];", 'if (own.length >= 0) return [];'],
    ],
  },
  {
    name: 'an act does not keep its key',
    file: `${ACT}/same-request.ts`,
    edits: [['if (!act.idempotency) return {};', 'if (!act.idempotency || act.command) return {};']],
  },
  {
    name: 'the ledger is before the vault',
    file: `${ACT}/commit-planned.ts`,
    edits: [
      ['  await services.vault.put(planned.disclosures);\n  const after', '  const after'],
      ["    case 'appended':\n", "    case 'appended':\n      await services.vault.put(planned.disclosures);\n"],
    ],
  },
  {
    name: 'custody is accepted without the openings',
    file: 'libs/use-cases/decide/missing-openings.ts',
    edits: [['if (committing.length === 0) return [];', 'if (committing.length >= 0) return [];']],
  },
  {
    name: 'openings are not asked for where custody comes unasked',
    file: 'test/simulation/sim-node.ts',
    edits: [['custody: signing(() => custody.catchUp()),', '']],
  },
  {
    name: 'a node put back does not fetch what its peers hold',
    file: 'libs/use-cases/answer-peers/holdings.ts',
    edits: [['await store.wantInRecovery(wanted.map(', 'await store.wantInRecovery(wanted.slice(wanted.length).map(']],
    restores: 3,
  },
  {
    name: 'openings that went with the vault are not asked for',
    file: 'libs/use-cases/recover/ask-for-shut.ts',
    edits: [['await askHolders(this.services, lacking);', '']],
    restores: 3,
  },
  {
    name: 'what is erased stays in the vault',
    file: 'libs/use-cases/when-personal-data-erased-then-destroy-keys/when-personal-data-erased-then-destroy-keys.ts',
    edits: [['if (subjects.length > 0) await vault.erase(subject, subjects);', '']],
  },
];
