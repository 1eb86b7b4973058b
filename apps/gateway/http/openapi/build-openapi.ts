/**
 * The description of the API (OpenAPI 3.1) from the table of routes, the schemas of requests and answers, and the contracts
 * of the commands: one operation per command, so that an integrator reads what each wants.
 */
import { allContracts, openRendering, type Contract } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';
import { nameInRequest, PARAMETERS, type ParameterName } from '../routes/parameters.ts';
import type { Route } from '../routes/route.ts';
import { SCHEMAS } from '../routes/schemas.ts';
import { hoistShapes } from './hoist-shapes.ts';
import { pathsOf } from './operations.ts';
import { problemCodes } from './problem-responses.ts';
import { schemaName } from './reference.ts';

const TAGS: readonly { readonly name: Route['tag']; readonly description: string }[] = [
  { name: 'commands', description: 'Giving commands on dossiers, and their outcomes.' },
  { name: 'dossiers', description: 'Reading a dossier. Personal data are masked unless revealed for a reason.' },
  { name: 'lists', description: 'Lists and sums.' },
  { name: 'operations', description: 'What operators and auditors ask.' },
  { name: 'node', description: 'Without a token.' },
];
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

function parameterOf(name: ParameterName): JsonObject {
  const { in: place, says, schema, ...rest } = PARAMETERS[name];
  return { name: nameInRequest(name), in: place, ...rest, description: says, schema };
}

/** The contract's open rendering, but for what names it as a document of its own. */
function dataSchema(contract: Contract): JsonObject {
  const { $schema: _dialect, $id: _id, ...schema } = openRendering(contract);
  return schema;
}
