/**
 * node --conditions=source tools/generate-state-diagram.ts           writes docs/generated/dossier-states.md
 * node --conditions=source tools/generate-state-diagram.ts --check   writes nothing; exit 1 when the page is out of date
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { stateDiagramPage } from './state-diagram.ts';

const PAGE = 'docs/generated/dossier-states.md';
const path = join(import.meta.dirname, '..', PAGE);
const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const page = stateDiagramPage();

if (!flags.check) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, page);
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
  console.error(`${PAGE} is out of date: npm run generate`);
  process.exitCode = 1;
}
