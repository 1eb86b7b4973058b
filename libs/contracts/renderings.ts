/**
 * The published renderings of a contract (wire format 4). *Open*: what an integrator sends, personal values in clear at
 * their places. *Committed*: each personal property is a member of `_sd` instead, required if it was required. Both are
 * closed. Proved by renderings.spec.ts.
 *
 * Plain JSON Schema cannot say "each entry of a map has this pointer in `_sd`"; validators.ts checks that beside it.
 */
import { schemaOf, type JsonObject, type JsonValue } from '#libs/kernel';
import { commitmentsOf, type Commitment } from './personal.ts';
import type { Condition, Contract, ObjectSchema, Schema } from './schema.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const DIGEST_PATTERN = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$';
export const DIGEST = {
  type: 'string',
  pattern: DIGEST_PATTERN,
  'x-personal': false,
  'x-personal-reason': 'salted digest; the salt is erased with the value',
} as const;
type Rendering = 'open' | 'committed';

export const versionOf = ({ major, minor }: Contract): string => `${major}.${minor}`;
export const idOf = (contract: Contract, rendering: Rendering): string =>
  `${schemaOf(contract.kind, contract.name, contract.major, contract.minor)}:${rendering}`;

export function openRendering(contract: Contract): JsonObject {
  return { ...head(contract, 'open'), ...asJson(contract.data), examples: [contract.example] };
}

/** `example`: the contract's example as the exchange room commits it. */
export function committedRendering(contract: Contract, example?: JsonObject): JsonObject {
  const examples = example === undefined ? {} : { examples: [example] };
  const commitments = commitmentsOf(contract.data);
  const clear = (clearPart(contract.data) ?? emptyObject) as ObjectSchema;
  const body = asJson(clear);
  if (commitments.length === 0) return { ...head(contract, 'committed'), ...body, ...examples };
  const needed = commitments.some(({ required }) => required);
  return {
    ...head(contract, 'committed'),
    ...body,
    properties: {
      ...(body['properties'] as JsonObject),
      _sd: commitmentsSchema(commitments),
      _sd_alg: {
        type: 'string',
        const: 'sha-256',
        'x-personal': false,
        'x-personal-reason': 'name of a hash function',
      },
    },
    required: [...clear.required, ...(needed ? ['_sd', '_sd_alg'] : [])],
    dependentRequired: { ...clear.dependentRequired, _sd: ['_sd_alg'], _sd_alg: ['_sd'] },
    ...listed('allOf', [...conditions(contract.data, commitments), ...containerConditions(contract.data, commitments)]),
    ...examples,
  };
}

function head(contract: Contract, rendering: Rendering): JsonObject {
  return {
    $schema: DIALECT,
    $id: idOf(contract, rendering),
    title: contract.title.vi,
    'x-title-en': contract.title.en,
    ...(contract.travels === undefined ? {} : { 'x-travels': contract.travels }),
  };
}
const asJson = (schema: Schema): JsonObject => schema as unknown as JsonObject;
const emptyObject: ObjectSchema = { type: 'object', properties: {}, required: [], additionalProperties: false };
const listed = (key: string, values: readonly JsonValue[]): JsonObject =>
  values.length === 0 ? {} : { [key]: values };

/** The schema without what is personal; undefined where nothing is left: such a container vanishes. */
function clearPart(schema: Schema): Schema | undefined {
  if (schema['x-personal']) return undefined;
  if (schema.type !== 'object') return schema;
  const properties = clearMembers(schema.properties);
  const patterns = clearMembers(schema.patternProperties ?? {});
  const had = Object.keys(schema.properties).length + Object.keys(schema.patternProperties ?? {}).length;
  if (had > 0 && Object.keys(properties).length + Object.keys(patterns).length === 0) return undefined;
  const { allOf: _conditions, patternProperties: _patterns, ...rest } = schema;
  return {
    ...rest,
    properties,
    required: schema.required.filter((name) => staysRequired(properties[name])),
    ...(Object.keys(patterns).length === 0 ? {} : { patternProperties: patterns }),
    ...(schema.allOf && clearConditions(schema.allOf, properties).length > 0
      ? { allOf: clearConditions(schema.allOf, properties) }
      : {}),
  };
}
function clearMembers(members: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, schema]) => {
      const clear = clearPart(schema);
      return clear === undefined ? [] : [[name, clear]];
    }),
  );
}
/** A container that may be left empty by the commitment goes with it (libs/exchange does not write empty ones). */
const staysRequired = (clear: Schema | undefined): boolean =>
  clear !== undefined &&
  (clear.type !== 'object' || clear.required.length > 0 || clear.patternProperties !== undefined);

function clearConditions(all: readonly Condition[], clear: Readonly<Record<string, Schema>>): Condition[] {
  return all.flatMap(({ if: condition, then }) => {
    const required = then.required.filter((name) => staysRequired(clear[name]));
    return required.length === 0 ? [] : [{ if: condition, then: { required } }];
  });
}

function commitmentsSchema(commitments: readonly Commitment[]): JsonObject {
  const entries = (labelled: boolean) =>
    Object.fromEntries(
      commitments
        .filter((commitment) => commitment.labelled === labelled)
        .map(({ key, schema }) => [
          key,
          {
            title: schema.title,
            'x-title-en': schema['x-title-en'],
            'x-commits': schema['x-personal'],
            ...DIGEST,
          } as JsonObject,
        ]),
    );
  const dependent = Object.fromEntries(
    commitments
      .filter(({ labelled, required }) => !labelled && !required)
      .map((commitment) => [commitment.key, siblingsNeeded(commitment, commitments)] as const)
      .filter(([, needed]) => needed.length > 0),
  );
  return {
    type: 'object',
    title: 'Cam kết dữ liệu cá nhân',
    'x-title-en': 'Commitments to personal data',
    properties: entries(false),
    patternProperties: entries(true),
    required: commitments.filter(({ required }) => required).map(({ key }) => key),
    ...(Object.keys(dependent).length === 0 ? {} : { dependentRequired: dependent }),
    additionalProperties: false,
  };
}
/** What else must be committed when one member of an optional container is. */
function siblingsNeeded(of: Commitment, commitments: readonly Commitment[]): string[] {
  if (of.container === undefined) return [];
  return commitments
    .filter(
      ({ container, neededInside, key, required }) =>
        container === of.container && neededInside && !required && key !== of.key,
    )
    .map(({ key }) => key);
}

const needing = (pointers: readonly string[]): JsonObject => ({
  required: ['_sd', '_sd_alg'],
  properties: { _sd: { required: pointers } },
});

/** The contract's own conditions, for clear members and committed ones. */
function conditions(schema: ObjectSchema, commitments: readonly Commitment[]): JsonObject[] {
  const clear = clearMembers(schema.properties);
  return (schema.allOf ?? []).map(({ if: condition, then }) => {
    const pointers = then.required.flatMap((name) => neededUnder(name, commitments));
    const required = then.required.filter((name) => staysRequired(clear[name]));
    const committed = pointers.length === 0 ? {} : needing(pointers);
    return {
      if: condition,
      then: { ...committed, required: [...required, ...(pointers.length === 0 ? [] : ['_sd', '_sd_alg'])] },
    };
  });
}
/** An optional container that shows its clear part has its needed personal members in `_sd`. */
function containerConditions(schema: ObjectSchema, commitments: readonly Commitment[]): JsonObject[] {
  return Object.entries(clearMembers(schema.properties)).flatMap(([name, clear]) => {
    if (schema.required.includes(name) || clear.type !== 'object' || clear.patternProperties) return [];
    const pointers = neededUnder(name, commitments);
    return pointers.length === 0 ? [] : [{ if: { required: [name] }, then: needing(pointers) }];
  });
}
const neededUnder = (name: string, commitments: readonly Commitment[]): string[] =>
  commitments
    .filter(({ labelled, neededInside }) => !labelled && neededInside)
    .filter(({ key, container }) => container === name || key === `/${name}`)
    .map(({ key }) => key);
