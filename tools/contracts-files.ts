/** Every file that is made from the contracts' sources: path in the repository and content. */
import { openRendering, versionOf, type Contract } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';
import { committedWithExample, fixtureOf, fixturePath } from './contracts-fixtures.ts';
import { pageOf } from './contracts-markdown.ts';
import { dossierTypes } from './contracts-typescript.ts';

export const PUBLISHED = 'libs/contracts/published';
export type Files = ReadonlyMap<string, string>;

/** Made anew each time. */
export function derivedFiles(contracts: readonly Contract[]): Files {
  const types = dossierTypes(contracts);
  const of = (...kinds: readonly string[]) => contracts.filter(({ kind }) => kinds.includes(kind));
  return new Map([
    ['libs/dossier/generated/shapes.ts', types.shapes],
    ['libs/dossier/generated/events.ts', types.events],
    ['libs/dossier/generated/commands.ts', types.commands],
    [
      'docs/generated/events.md',
      pageOf({
        title: 'Events, field by field',
        about:
          'The events of a dossier and, after them, what operators did (`operation`). Stands in `data` of a message; the envelope is not repeated.',
        contracts: of('dossier', 'operation'),
      }),
    ],
    [
      'docs/generated/commands.md',
      pageOf({
        title: 'Commands, field by field',
        about: 'What may be asked of a dossier, and the two outcomes.',
        contracts: of('command', 'outcome'),
      }),
    ],
    [
      'docs/generated/messages-between-nodes.md',
      pageOf({
        title: 'Exchange and directory messages, field by field',
        about: 'Between two nodes about delivery, and statements of a registrar.',
        contracts: of('exchange', 'directory'),
      }),
    ],
  ]);
}

/** Written once for each version and kept for ever: the two renderings and the fixture. */
export function keptFiles(contracts: readonly Contract[]): Files {
  return new Map(
    contracts.flatMap((contract): [string, string][] => [
      [publishedPath(contract, 'open'), jsonText(openRendering(contract))],
      [publishedPath(contract, 'committed'), jsonText(committedWithExample(contract))],
      [fixturePath(contract), fixtureOf(contract)],
    ]),
  );
}
export const publishedPath = (contract: Contract, rendering: 'open' | 'committed'): string =>
  `${PUBLISHED}/${contract.kind}.${contract.name}.${versionOf(contract)}.${rendering}.json`;
const jsonText = (schema: JsonObject): string => `${JSON.stringify(schema, null, 2)}\n`;
