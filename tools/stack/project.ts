import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Root of the checkout, from a source file or from its compiled copy below `dist`: the nearest package of our name. */
export function findProjectRoot(from: string = import.meta.dirname): string {
  const manifest = join(from, 'package.json');
  if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'lienthong') {
    return from;
  }
  const above = dirname(from);
  if (above === from) throw new Error('package.json of lienthong not found above the stack');
  return findProjectRoot(above);
}
