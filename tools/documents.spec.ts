/** House 7: a dead link, or a promise of something absent, is a defect. What runs is run by `test/stories/guides.story.spec.ts`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compileValidators } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';
import { HELP } from '../apps/cli/command.ts';
import { commands } from '../apps/cli/commands/index.ts';
import { anchorsOf, codeOf, documents, linksOf, root, shellBlocks, textOf } from '../test/support/guides.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const all = documents();

describe.each(all)('%s', (document) => {
  it('links to what is there', () => {
    const dead = linksOf(document).filter(({ path, anchor }) => {
      const target = path === '' ? document : normalize(join(dirname(document), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const words = codeOf(document).flatMap((code) => code.split(/[\s=]+/));
    const named = words.filter((word) => /^(apps|libs|tools|test|docs|bench|reference|\.ci)\/[\w./-]+$/.test(word));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names scripts of npm, commands and options that are there', () => {
    expect(codeOf(document).flatMap(problemsOfCommand)).toEqual([]);
  });

  it('names routes of the API that are there', () => {
    const named = codeOf(document).flatMap(
      (code) => /^(?:(GET|POST) )?(\/(?:v\d|health|ready|metrics)\S*)$/.exec(code) ?? [],
    );
    expect(named.filter((code) => code?.startsWith('/') && !isRoute(code.replace(/\?.*/, '')))).toEqual([]);
  });

  it('names variables and codes that are there', () => {
    const words = codeOf(document).flatMap((code) => code.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]*\b(?:<NODE>)?/g) ?? []);
    expect([...new Set(words)].filter((word) => !known.has(word))).toEqual([]);
  });
});

const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };

function problemsOfCommand(code: string): readonly string[] {
  const npm = /^npm (?:run )?([a-z][\w:-]*)(?: -- (.*))?$/.exec(code);
  if (npm) {
    const [, script = '', options = ''] = npm;
    const isOwn = script in scripts || ['ci', 'install', 'audit'].includes(script);
    return [
      ...(isOwn ? [] : [`npm has no script ${script}`]),
      ...(script === 'start' ? unknownOptions('start', options) : []),
    ];
  }
  const cli = /(?:^|[(;&] *)(?:npx )?lienthong ([a-z-]+)([^|;)]*)/.exec(code);
  return cli ? unknownOptions(cli[1] ?? '', cli[2] ?? '') : [];
}

function unknownOptions(name: string, given: string): readonly string[] {
  const command = commands.find((one) => one.name === name);
  if (!command) return [`lienthong has no command ${name}`];
  const options = { ...command.options, ...HELP };
  return (given.match(/--[a-z-]+/g) ?? [])
    .filter((option) => !(option.slice(2) in options))
    .map((option) => `lienthong ${name} has no option ${option}`);
}

/** Variables of the gateway and of the starter, and codes that the program uses: text of its sources. */
const known: ReadonlySet<string> = (() => {
  const starter = commands.map(({ more = '' }) => more).join('\n');
  const variables = [...read('.env.example').matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
  const ofStarter = starter.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]*\b(?:<NODE>)?/g) ?? [];
  const sources = ['apps', 'libs', 'tools', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => read(join(folder, file))),
  );
  const literals = sources.flatMap((text) => [...text.matchAll(/['"`]?\b([A-Z][A-Z0-9]*_[A-Z0-9_]*)\b['"`:]/g)]);
  return new Set([...variables, ...ofStarter, ...literals.map(([, literal = '']) => literal)]);
})();

const { paths } = JSON.parse(read('docs/generated/openapi.json')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};
const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
const isRoute = (path: string, method?: string): boolean =>
  Object.entries(paths).some(
    ([known, methods]) => patternOf(known).test(path) && (method === undefined || method in methods),
  );

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body?: string;
}

/** What the shell hands to curl, in order. It is restricted and has no PATH: no program is run, not even by its path. */
function curlsOf(blocks: readonly string[]): readonly Call[] {
  const stubs = `
    command_not_found_handle() { :; }
    npx() { echo token; }
    node() { echo 6cbc356d-078b-4a75-932f-5ea4a1400077; }
    curl() { printf '%s\\0' "$@"; printf '\\1\\0'; }`;
  const script = [stubs, ...blocks].join('\n');
  const said = execFileSync('/bin/bash', ['--norc', '-reuc', script], {
    encoding: 'utf8',
    cwd: root,
    env: { PATH: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const calls = said.split('\x01\0').slice(0, -1);
  return calls.map((call) =>
    callOf(
      call
        .split('\0')
        .slice(0, -1)
        .map((word) => word.replace(/^(token\n)+/, '')),
    ),
  );
}

function callOf(words: readonly string[]): Call {
  const after = (option: string): string[] =>
    words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []));
  const url = words.find((word) => word.startsWith('http')) ?? '';
  const [body] = after('-d');
  return {
    method: after('-X')[0] ?? 'GET',
    path: new URL(url).pathname,
    headers: after('-H'),
    ...(body !== undefined && { body }),
  };
}

describe('the curl calls of the guides', () => {
  const calls = all.flatMap((document) => {
    const blocks = shellBlocks(document).map(({ text }) => text);
    return blocks.some((text) => text.includes('curl ')) ? curlsOf(blocks) : [];
  });
  const { validateOpen } = compileValidators();

  it('are there', () => expect(calls.length).toBeGreaterThan(5));

  it('are read without running what stands beside them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'guide-'));
    const after = 'curl http://127.0.0.1/after';
    expect(curlsOf([`npm ci && touch ${folder}/a`, after]).map(({ path }) => path)).toEqual(['/after']);
    expect(() => curlsOf([`/bin/touch ${folder}/b`, after])).toThrow('restricted');
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it.each(calls)('$method $path is a route, with what it needs', ({ method, path, headers, body }) => {
    expect(isRoute(path, method.toLowerCase())).toBe(true);
    expect(headers.some((header) => header.startsWith('Authorization: Bearer '))).toBe(true);
    if (method !== 'POST') return;
    expect(headers).toContain('Content-Type: application/json');
    expect(headers.some((header) => header.startsWith('Idempotency-Key: '))).toBe(true);
    const command = path === '/v1/dossiers' ? 'file-dossier' : (path.split('/').at(-1) ?? '');
    const { data } = JSON.parse(body ?? '') as { data: JsonObject };
    expect(validateOpen('command', command, 1, data)).toEqual([]);
  });
});
