import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { automationCommandId } from './automation-command-id.ts';
import { hashOf, isHash } from './hash.ts';
import type { Hash, Instant, Subject } from './ids.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const file = join(import.meta.dirname, '../../test/fixtures/wire-vectors.json');
const { automationCommandId: vector } = JSON.parse(readFileSync(file, 'utf8')) as {
  automationCommandId: { name: string; cause: string; id: string };
};

describe('the id of a command by an automation', () => {
  it('is that of the vector', () =>
    expect(automationCommandId(vector.name, vector.cause as Hash, sha256)).toBe(vector.id));

  it('by a deadline is made of subject and time', () => {
    const cause = { subject: 'dossier/H26/x' as Subject, deadline: '2023-06-14T00:00:00.000Z' as Instant };
    const digest = createHash('sha256')
      .update('when-late-then-tell\ndossier/H26/x\n2023-06-14T00:00:00.000Z')
      .digest('hex');
    const id = automationCommandId('when-late-then-tell', cause, sha256);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id.replaceAll('-', '').slice(0, 12)).toBe(digest.slice(0, 12));
    expect(id.replaceAll('-', '').slice(17)).toBe(digest.slice(17, 32));
  });
});

describe('a hash', () => {
  it('is the base64url of SHA-256 in its one spelling', () => {
    const hash = hashOf(new Uint8Array(), sha256);
    expect(hash).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
    expect(isHash(hash)).toBe(true);
    for (const text of [`${hash.slice(0, 42)}V`, `${hash}=`, hash.slice(1), `${hash}\n`, ''])
      expect(isHash(text)).toBe(false);
  });
});
