/** Which problems a route may answer with, by status. */
import { REFUSAL_CODES } from '#libs/dossier';
import type { JsonObject } from '#libs/kernel';
import { DOOR, TEXT_FAULTS } from '../door-texts.ts';
import { problemType, textOf } from '../problems.ts';
import type { Route } from '../routes/route.ts';
import { reference } from './reference.ts';

const OF_TOKENS = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'AGENCY_NOT_YOURS',
  'ROLE_NOT_ALLOWED',
  'AGENCY_MISSING',
  'AGENCY_NOT_HERE',
  'AGENCY_NOT_VALID',
];
const OF_BODIES = [
  'CONTENT_TYPE_UNSUPPORTED',
  'BODY_TOO_LARGE',
  'BODY_MALFORMED',
  'BODY_INVALID',
  'NOT_NFC',
  'NUMBER',
  'NULL',
  'CONTROL_CHARACTER',
  'DEPTH',
  'NOT_CANONICAL',
];
const OF_SERVERS = ['RATE_LIMITED', 'OVERLOADED', 'UNAVAILABLE', 'INTERNAL'];

export function codesOf({ access, body, problems = [] }: Route): readonly string[] {
  return [
    ...(access === 'open' ? [] : OF_TOKENS),
    ...(body === undefined ? [] : OF_BODIES),
    ...problems,
    ...(access === 'open' ? [] : OF_SERVERS),
  ];
}

/** One response per status, naming the codes that it may carry; what each says stands under `x-problem-codes`. */
export function problemsOf(codes: readonly string[]): JsonObject {
  const byStatus = Map.groupBy([...new Set(codes)].sort(), (code) => textOf(code).status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    ]),
  );
}

/** Every code that a problem may carry: its status and both sentences, places unfilled. */
export const problemCodes = (): JsonObject =>
  Object.fromEntries(
    [...Object.keys(DOOR), ...Object.keys(TEXT_FAULTS), ...REFUSAL_CODES].sort().map((code) => {
      const { status, vi, en } = textOf(code);
      return [code, { type: problemType(code), status, vi, en }];
    }),
  );
