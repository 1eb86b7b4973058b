/** One operation per route, and one per command, with what each may answer. */
import type { Contract } from '#libs/contracts';
import {
  COMMAND_TABLE,
  COMMON_REFUSALS,
  ROLES_OF_COMMAND,
  type Capacity,
  type DossierCommandName,
} from '#libs/dossier';
import type { JsonObject } from '#libs/kernel';
import { ROUTES, type RouteId } from '../routes/index.ts';
import type { ParameterName } from '../routes/parameters.ts';
import type { Answer, Route } from '../routes/route.ts';
import { codesOf, problemsOf } from './problem-responses.ts';
import { reference, schemaName } from './reference.ts';

/** Wire format 2.1 and 6. */
const WHO: Readonly<Record<Capacity, string>> = {
  custodian: 'the custodian',
  'filing-side': 'the agency with which it was filed, an agency that was custodian, or an adapter of the city',
  'agency-asked': 'the agency asked',
  'agency-named': 'the agency named by the open transfer',
  forwarder: 'the agency that forwarded it',
  'population-adapter': 'the population adapter of the city',
  rehomer: 'the rehomer that the directory names',
};
const TRAVELS = ' Where another agency holds the dossier, the command travels to its node.';

export function pathsOf(commands: readonly Contract[]): JsonObject {
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
      description: `Given by ${WHO[COMMAND_TABLE[name].capacity]}.${contract.travels ? TRAVELS : ''}`,
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
