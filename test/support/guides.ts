/** Documents as a reader meets them: their fenced blocks, code spans and links. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProjectRoot } from '../../tools/stack/project.ts';

export const root = findProjectRoot();

export interface Block {
  /** Path of the document from the root. */
  readonly document: string;
  /** Heading above it. */
  readonly under: string;
  readonly text: string;
  /** The `json` block that follows it at once: what it answers, shortened; `…` stands for what differs. */
  readonly answer?: unknown;
}

export const textOf = (document: string): string => readFileSync(join(root, document), 'utf8');

/** Written by hand, and so able to go out of date. */
export function documents(): readonly string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : []));
  return [...inFolder('.'), ...inFolder('docs'), ...inFolder('docs/guides'), ...inFolder('docs/adr')];
}

/** The `sh` blocks of a document, in order. */
export function shellBlocks(document: string): readonly Block[] {
  const text = textOf(document);
  return [...text.matchAll(/^```sh\n([^]*?)^```\n(?:\n```json\n([^]*?)^```\n)?/gm)].map((found) => {
    const [, block = '', answer] = found;
    const under = [...text.slice(0, found.index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
    return { document, under, text: block, ...(answer !== undefined && { answer: JSON.parse(answer) as unknown }) };
  });
}

/** What stands between backquotes within a line, and the lines of `sh` blocks. */
export function codeOf(document: string): readonly string[] {
  const spans = [
    ...textOf(document)
      .replaceAll(/^```[^]*?^```/gm, '')
      .matchAll(/`([^`\n]+)`/g),
  ];
  const lines = shellBlocks(document).flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'));
  return [...spans.map(([, span = '']) => span), ...lines].map((code) => code.replace(/\s+#.*$/, '').trim());
}

/** Relative targets of links, without their anchors. */
export function linksOf(document: string): readonly { readonly path: string; readonly anchor?: string }[] {
  return [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { path, ...(anchor !== undefined && { anchor }) };
    });
}

/** As GitHub names the headings of a document. */
export const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Where `found` differs from what a document shows; undefined: it is all there. Members and items not shown are free. */
export function differenceFrom(shown: unknown, found: unknown, at = ''): string | undefined {
  if (Array.isArray(shown)) {
    const items: unknown[] = Array.isArray(found) ? found : [];
    const lacking = shown.find((item) => !items.some((one) => differenceFrom(item, one) === undefined));
    return lacking === undefined ? undefined : `${at}: lacks ${JSON.stringify(lacking)}`;
  }
  if (typeof shown === 'object' && shown !== null) {
    const members = (found ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(shown)
      .map(([name, value]) => differenceFrom(value, members[name], `${at}/${name}`))
      .find((difference) => difference !== undefined);
  }
  const fits = typeof shown === 'string' && typeof found === 'string' ? isLike(shown, found) : shown === found;
  return fits ? undefined : `${at}: ${JSON.stringify(found)} is not ${JSON.stringify(shown)}`;
}

const isLike = (shown: string, found: string): boolean =>
  new RegExp(`^${shown.split('…').map(literally).join('.+')}$`, 's').test(found);
const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
