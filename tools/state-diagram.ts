/**
 * Finds every change of situation by folding the example of every published event in every situation that can be reached,
 * and draws what it found. Nothing here knows the states of a dossier: the code is asked.
 */
import { findContract } from '#libs/contracts';
import {
  COMMAND_TABLE,
  COMMON_REFUSALS,
  DOSSIER_COMMAND_NAMES,
  DOSSIER_EVENT_NAMES,
  evolve,
  initialState,
  REFUSALS,
  REFUSAL_CODES,
  ROLES_OF_COMMAND,
  SITUATION_KEYS,
  SITUATION_TITLES,
  SITUATIONS_OF_EVENT,
  situationKey,
  type CommandRow,
  type DossierEventName,
  type DossierState,
  type RecordedEvent,
  type SituationKey,
  type SituationName,
} from '#libs/dossier';

export interface Change {
  readonly from: SituationKey;
  readonly event: DossierEventName;
  readonly to: SituationKey;
}

/** Members that decide which way an event leads. */
const VARIANTS: Partial<Record<DossierEventName, readonly object[]>> = {
  'supplement-requested': [{ stage: 'before-receipt' }, { stage: 'after-receipt' }],
  'supplement-provided': [{ complete: true }, { complete: false }],
  'fee-requested': [{ clockEffect: 'run' }, { clockEffect: 'stop' }],
  'fee-waived': [{ extent: 'full' }, { extent: 'reduced' }],
};

function eventsOf(type: DossierEventName): readonly RecordedEvent[] {
  const example = findContract('dossier', type, 1)?.example;
  const moment = '2023-06-14T02:00:00.000Z';
  const recorded = { hash: '', author: 'H26.129.05', time: moment, recordedTime: moment };
  return (VARIANTS[type] ?? [{}]).map(
    (variant) => ({ ...recorded, type, data: { ...example, ...variant } }) as unknown as RecordedEvent,
  );
}

/** Two states are the same here when they have the same situation and will go back to the same one. */
function identity(state: DossierState): string {
  if (state.situation === 'NotFiled') return state.situation;
  const { facts: _facts, ...situation } = state;
  return JSON.stringify(situation);
}

export function findChanges(): readonly Change[] {
  const seen = new Map<string, DossierState>([[identity(initialState), initialState]]);
  const changes = new Map<string, Change>();
  for (const state of seen.values()) {
    const from = situationKey(state);
    for (const type of DOSSIER_EVENT_NAMES.filter((name) => SITUATIONS_OF_EVENT[name].includes(from))) {
      for (const event of eventsOf(type)) {
        const next = evolve(state, event);
        const to = situationKey(next);
        changes.set(`${from} ${type} ${to}`, { from, event: type, to });
        // A Map shows entries that are added while it is walked, so this ends when nothing new is found.
        if (!seen.has(identity(next))) seen.set(identity(next), next);
      }
    }
  }
  return [...changes.values()];
}

const nameOf = (key: SituationKey): SituationName => key.split('/')[0] as SituationName;
const idOf = (key: SituationKey): string => key.replaceAll(/[/-]/g, '_');
const shown = (key: SituationKey): string => key.replace('/', ', ').replace('-', ' ');
const isInterruption = (key: SituationKey): boolean => key === 'InTransit' || key === 'Released';

/** Edges between resting situations one by one; forwarding, releasing and coming back once for all of them. */
export function drawDiagram(changes: readonly Change[]): string {
  const resting = SITUATION_KEYS.filter((key) => key !== 'NotFiled' && !isInterruption(key));
  const lines = [
    'stateDiagram-v2',
    '  direction TB',
    '  state "in one agency\'s hand" as Held {',
    ...resting.map((key) => `    state "${shown(key)}" as ${idOf(key)}`),
    ...edges(changes, (from, to) => resting.includes(from) && resting.includes(to)).map((line) => `  ${line}`),
    '  }',
    ...edges(changes, (from) => from === 'NotFiled').map((line) => line.replace('NotFiled', '[*]')),
    ...interruptions(changes),
  ];
  return lines.join('\n');
}

function edges(
  changes: readonly Change[],
  wanted: (from: SituationKey, to: SituationKey) => boolean,
): readonly string[] {
  const labels = new Map<string, DossierEventName[]>();
  for (const { from, event, to } of changes.filter(
    (change) => change.from !== change.to && wanted(change.from, change.to),
  )) {
    const edge = `${idOf(from)} --> ${idOf(to)}`;
    labels.set(edge, [...(labels.get(edge) ?? []), event]);
  }
  return [...labels].map(([edge, events]) => `  ${edge}: ${[...new Set(events)].join(', ')}`);
}

function interruptions(changes: readonly Change[]): readonly string[] {
  const between = (from: (key: SituationKey) => boolean, to: (key: SituationKey) => boolean) => [
    ...new Set(changes.filter((change) => from(change.from) && to(change.to)).map(({ event }) => event)),
  ];
  const held = (key: SituationKey) => !isInterruption(key) && key !== 'NotFiled';
  return (['InTransit', 'Released'] as const).flatMap((key) => [
    `  Held --> ${key}: ${between(held, (to) => to === key).join(', ')}`,
    `  ${key} --> Held: ${between((from) => from === key, held).join(', ')}`,
  ]);
}

const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(' ');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

function commandRows(): readonly (readonly string[])[] {
  return DOSSIER_COMMAND_NAMES.map((command) => {
    const { in: situations, events, then = [], capacity, refusals, unless }: CommandRow = COMMAND_TABLE[command];
    const follows = then.length === 0 ? '' : `, then perhaps ${codes(then)}`;
    return [
      code(command),
      codes(situations) + (unless === undefined ? '' : `, unless ${unless.why}`),
      events.map(code).join(' or ') + follows,
      capacity,
      ROLES_OF_COMMAND[command].join(', '),
      codes(refusals),
    ];
  });
}

export function stateDiagramPage(): string {
  const changes = findChanges();
  return `# The states of a dossier

<!-- Generated by tools/generate-state-diagram.ts from libs/dossier. -->

Found by folding the example of every published event in every situation that can be reached. \`InTransit\` and \`Released\`
remember the situation they interrupt: accepted, declined or rehomed, the dossier goes on where it stood. Events that change
no situation are in the last table.

\`\`\`mermaid
${drawDiagram(changes)}
\`\`\`

${table(
  ['situation', 'tiếng Việt', 'English'],
  [...new Set(SITUATION_KEYS.map(nameOf))].map((name) => [
    code(name),
    SITUATION_TITLES[name].vi,
    SITUATION_TITLES[name].en,
  ]),
)}

## Commands

Who may ask (wire format 2.1): \`filing-side\` is the agency in the stream's name or its successor, an agency that was
custodian, an adapter of the city.
Any command may be refused with ${codes(COMMON_REFUSALS)}.

${table(['command', 'possible in', 'comes to', 'asked by', 'roles', 'refused besides with'], commandRows())}

## Refusals

${table(
  ['code', 'tiếng Việt', 'English'],
  REFUSAL_CODES.map((refusal) => [code(refusal), REFUSALS[refusal].vi, REFUSALS[refusal].en]),
)}

## Events

An event that the situation does not provide for is recorded and parks the dossier's fold, \`NOT_UNDERSTOOD\`.

${table(
  ['event', 'provided for in'],
  DOSSIER_EVENT_NAMES.map((event) => [code(event), codes(SITUATIONS_OF_EVENT[event])]),
)}
`;
}
