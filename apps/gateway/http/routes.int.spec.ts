/** The table of routes against what Nest registers, the document made of it, and the file kept in the repository. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DOSSIER_COMMAND_NAMES, ROLES_OF_COMMAND } from '#libs/dossier';
import { isJsonObject, type JsonObject } from '#libs/kernel';
import { openTestDoor, type TestDoor } from '../../../libs/testing/test-door.ts';
import { openTestNode, type TestNode } from '../../../libs/testing/test-node.ts';
import { buildOpenApi, formatOpenApi } from './openapi/build-openapi.ts';
import { textOf } from './problems.ts';
import { ROUTES } from './routes/index.ts';
import type { Route } from './routes/route.ts';

const root = join(import.meta.dirname, '../../..');
const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
const table: readonly Route[] = Object.values(ROUTES);

describe('the table of routes', () => {
  jest.setTimeout(60_000);
  let node: TestNode;
  let door: TestDoor;
  beforeAll(async () => {
    node = await openTestNode();
    door = await openTestDoor(node);
  });
  afterAll(async () => {
    await door.close();
    await node.close();
  });

  it('is what Nest registers: no route undocumented, none documented that is absent', () => {
    const { router } = door.app.getHttpAdapter().getInstance() as unknown as { router: { stack: readonly Layer[] } };
    const registered = router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
    const documented = table.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect([...registered].sort()).toEqual([...documented].sort());
  });

  it('says who may call: nobody without a token but where it is open, nobody without the role', async () => {
    const nobody = await door.as({ roles: [] });
    for (const { method, path, access } of table) {
      const address = path.replaceAll(/\{(\w+)\}/g, 'x');
      const unknown = await (method === 'GET' ? door.anonymous.get(address) : door.anonymous.post(address));
      expect(unknown.status === 401).toBe(access !== 'open');
      if (access === 'open') continue;
      const roleless = await (method === 'GET' ? nobody.get(address) : nobody.post(address, {}));
      expect(roleless.body).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
    }
  });

  it('names only codes that have a text', () => {
    for (const code of table.flatMap(({ problems = [] }) => problems)) expect(textOf(code).known).toBe(true);
  });
});

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

describe('the OpenAPI document', () => {
  const document = buildOpenApi(version);
  const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  const operations = Object.values(paths).flatMap((item) => Object.values(item));

  it('is the one kept in docs/generated', () => {
    expect(readFileSync(join(root, 'docs/generated/openapi.json'), 'utf8')).toBe(formatOpenApi(document));
  });

  it('has an operation for every command, with the roles that may give it', () => {
    for (const command of DOSSIER_COMMAND_NAMES) {
      const path = command === 'file-dossier' ? '/v1/dossiers' : `/v1/dossiers/{agency}/{id}/${command}`;
      const operation = paths[path]?.['post'];
      expect(operation?.['operationId']).toBe(command);
      if (command !== 'file-dossier') expect(operation?.['x-roles']).toEqual(ROLES_OF_COMMAND[command]);
    }
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers to nothing that is not there, and describes every place of a path', () => {
    const missing = referencesIn(document).filter((pointer) => find(document, pointer) === undefined);
    expect(missing).toEqual([]);
    for (const [path, item] of Object.entries(paths)) {
      for (const operation of Object.values(item)) {
        const named = (operation['parameters'] as readonly { $ref: string }[]).map(({ $ref }) =>
          $ref.split('/').at(-1),
        );
        for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(named).toContain(name);
      }
    }
  });

  it('has the members that OpenAPI 3.1 demands', () => {
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validate(OPENAPI_31, document)).toBe(true);
  });

  it('holds schemas that compile, and examples that fit them', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema({ ...document, $id: 'https://openapi.test/api' });
    const { schemas } = document['components'] as { schemas: JsonObject };
    for (const name of Object.keys(schemas))
      expect(() => ajv.compile({ $ref: `https://openapi.test/api#/components/schemas/${name}` })).not.toThrow();
    const examples = operations.flatMap((operation) => {
      const content = find(operation, '#/requestBody/content/application~1json') as
        { schema: JsonObject; example?: JsonObject } | undefined;
      return content?.example ? [{ operation, ...content }] : [];
    });
    expect(examples.length).toBe(DOSSIER_COMMAND_NAMES.length - 1);
    for (const { schema, example } of examples) {
      const validate = ajv.compile(absolute(schema));
      expect(validate(example) ? [] : validate.errors).toEqual([]);
    }
  });
});

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [value['$ref']] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

const find = (document: JsonObject, pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, name) => (isJsonObject(at) ? at[name] : undefined), document);

const absolute = (schema: JsonObject): JsonObject =>
  JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/', '"https://openapi.test/api#/components/'),
  ) as JsonObject;

const says: JsonObject = { type: 'string', minLength: 1 };
const reference: JsonObject = { type: 'object', required: ['$ref'], properties: { $ref: says } };
/** The structure of the specification (OpenAPI 3.1.1, section 4.8) as far as this document uses it. */
const OPENAPI_31: JsonObject = {
  type: 'object',
  required: ['openapi', 'info', 'paths', 'components'],
  properties: {
    openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
    info: { type: 'object', required: ['title', 'version'], properties: { title: says, version: says } },
    paths: {
      type: 'object',
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        type: 'object',
        propertyNames: { enum: ['get', 'post'] },
        additionalProperties: {
          type: 'object',
          required: ['operationId', 'tags', 'summary', 'security', 'parameters', 'responses'],
          properties: {
            parameters: { type: 'array', items: reference },
            requestBody: { type: 'object', required: ['content'] },
            responses: {
              type: 'object',
              minProperties: 1,
              propertyNames: { pattern: '^[1-5]\\d\\d$' },
              additionalProperties: {
                type: 'object',
                required: ['description'],
                properties: { description: says, headers: { additionalProperties: reference } },
              },
            },
          },
        },
      },
    },
    components: {
      type: 'object',
      properties: {
        parameters: {
          additionalProperties: {
            type: 'object',
            required: ['name', 'in', 'schema'],
            properties: { in: { enum: ['path', 'query', 'header'] } },
            if: { properties: { in: { const: 'path' } } },
            then: { required: ['required'], properties: { required: { const: true } } },
          },
        },
        schemas: { propertyNames: { pattern: '^[a-zA-Z0-9._-]+$' } },
      },
    },
  },
};
