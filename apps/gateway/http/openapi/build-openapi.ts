/**
 * The description of the API (OpenAPI 3.1) from the table of routes, the schemas of requests and answers, and the contracts
 * of the commands: one operation per command, so that an integrator reads what each wants.
 */
import { allContracts, openRendering, type Contract } from '#libs/contracts';
import {
  COMMAND_TABLE,
  COMMON_REFUSALS,
  REFUSAL_CODES,
  ROLES_OF_COMMAND,
  type DossierCommandName,
} from '#libs/dossier';
import type { JsonObject } from '#libs/kernel';
import { DOOR, TEXT_FAULTS } from '../door-texts.ts';
import { problemType, textOf } from '../problems.ts';
import { ROUTES, type RouteId } from '../routes/index.ts';
import { nameInRequest, PARAMETERS, type ParameterName } from '../routes/parameters.ts';
import type { Answer, Route } from '../routes/route.ts';
import { SCHEMAS } from '../routes/schemas.ts';
import { hoistShapes } from './hoist-shapes.ts';

const TAGS: readonly { readonly name: Route['tag']; readonly description: string }[] = [
  { name: 'commands', description: 'Giving commands on dossiers, and their outcomes.' },
  { name: 'dossiers', description: 'Reading a dossier. Personal data are masked unless revealed for a reason.' },
  { name: 'lists', description: 'Lists and sums.' },
  { name: 'operations', description: 'What operators and auditors ask.' },
  { name: 'node', description: 'Without a token.' },
];
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
const OF_SERVERS = ['OVERLOADED', 'UNAVAILABLE', 'INTERNAL'];
const HEADERS: Readonly<Record<string, string>> = {
  ETag: 'Hash of the last event of the main branch, quoted.',
  Location: 'Address of what was filed, or of the outcome.',
  'Preference-Applied': '`wait`, when it was waited for the outcome.',
  'Lt-Correlation-Id': 'Of this request.',
};

export function buildOpenApi(version: string): JsonObject {
  const commands = allContracts().filter(({ kind }) => kind === 'command');
  const { schemas, shapes } = hoistShapes(
    Object.fromEntries(commands.map((contract) => [schemaName(contract), dataSchema(contract)])),
  );
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'lienthong',
      version,
      summary: 'Liên thông hồ sơ một cửa giữa xã, huyện và thành phố',
      description:
        'HTTP API of a gateway node. Every refusal is a problem document (RFC 9457) with a stable `type`, in Vietnamese and English.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This node.' }],
    tags: TAGS.map((tag) => ({ ...tag })),
    paths: pathsOf(commands),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Claims `sub` (pseudonym), `roles`, `agencies`, `iss`, `aud`, `exp`.',
        },
      },
      parameters: Object.fromEntries(
        (Object.keys(PARAMETERS) as ParameterName[]).map((name) => [name, parameterOf(name)]),
      ),
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, says]) => [name, { description: says, schema: { type: 'string' } }]),
      ),
      schemas: { ...SCHEMAS, ...schemas, ...shapes },
    },
    'x-problem-codes': problemCodes(),
  };
}

/** As it is kept in the repository and served. */
export const formatOpenApi = (document: JsonObject): string => `${JSON.stringify(document, null, 1)}\n`;

function pathsOf(commands: readonly Contract[]): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][]) {
    const operations =
      id === 'command'
        ? commands.filter(({ name }) => name !== 'file-dossier').map((contract) => operationOfCommand(route, contract))
        : [{ path: route.path, operation: operationOf(id, route) }];
    for (const { path, operation } of operations) {
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
    }
  }
  return paths;
}

function operationOf(operationId: string, route: Route): JsonObject {
  const { tag, summary, description, access, body, answers } = route;
  return {
    operationId,
    tags: [tag],
    summary: summary.en,
    'x-summary-vi': summary.vi,
    ...(description === undefined ? {} : { description }),
    ...(access === 'open' ? { security: [] } : { security: [{ token: [] }], 'x-roles': access }),
    parameters: [...pathParameters(route.path), ...(route.parameters ?? [])].map((name) => ({
      $ref: `#/components/parameters/${name}`,
    })),
    ...(body === undefined ? {} : { requestBody: requestBody(reference(body)) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
      ...problemsOf(codesOf(route)),
    },
  };
}

function operationOfCommand(route: Route, contract: Contract): { path: string; operation: JsonObject } {
  const name = contract.name as DossierCommandName;
  const path = route.path.replace('{command}', name);
  const codes = [
    ...codesOf(route).filter((code) => code !== 'COMMAND_UNKNOWN'),
    ...COMMON_REFUSALS,
    ...COMMAND_TABLE[name].refusals,
  ];
  const base = operationOf(name, {
    ...route,
    path,
    access: ROLES_OF_COMMAND[name],
    summary: contract.title,
    body: 'CommandBody',
  });
  const example = { data: contract.example };
  return {
    path,
    operation: {
      ...base,
      description: contract.travels
        ? 'May be given by other agencies than the custodian; then it travels to the custodian’s node.'
        : 'Given by the agency in whose hand the dossier is.',
      requestBody: requestBody(
        {
          allOf: [reference('CommandBody'), { type: 'object', properties: { data: reference(schemaName(contract)) } }],
        },
        example,
      ),
      responses: {
        ...Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer)])),
        ...problemsOf(codes),
      },
    },
  };
}

const pathParameters = (path: string): readonly ParameterName[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as ParameterName);

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const requestBody = (schema: JsonObject, example?: JsonObject): JsonObject => ({
  required: true,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

function responseOf({ says, schema, media = 'application/json', headers = [] }: Answer): JsonObject {
  return {
    description: says,
    ...(headers.length > 0
      ? { headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])) }
      : {}),
    ...(schema === undefined ? {} : { content: { [media]: { schema: reference(schema) } } }),
  };
}

function codesOf({ access, body, problems = [] }: Route): readonly string[] {
  return [
    ...(access === 'open' ? [] : OF_TOKENS),
    ...(body === undefined ? [] : OF_BODIES),
    ...problems,
    ...(access === 'open' ? [] : OF_SERVERS),
  ];
}

/** One response per status, naming the codes that it may carry; what each says stands under `x-problem-codes`. */
function problemsOf(codes: readonly string[]): JsonObject {
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
const problemCodes = (): JsonObject =>
  Object.fromEntries(
    [...Object.keys(DOOR), ...Object.keys(TEXT_FAULTS), ...REFUSAL_CODES].sort().map((code) => {
      const { status, vi, en } = textOf(code);
      return [code, { type: problemType(code), status, vi, en }];
    }),
  );

function parameterOf(name: ParameterName): JsonObject {
  const { in: place, says, schema, ...rest } = PARAMETERS[name];
  return { name: nameInRequest(name), in: place, ...rest, description: says, schema };
}

const schemaName = ({ kind, name }: Contract): string => `${kind}.${name}`;

/** The contract's open rendering, but for what names it as a document of its own. */
function dataSchema(contract: Contract): JsonObject {
  const { $schema: _dialect, $id: _id, ...schema } = openRendering(contract);
  return schema;
}
