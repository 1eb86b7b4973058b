/** What every key custody promises, whatever it keeps its keys in. */
import { describe, expect, it } from '@jest/globals';
import type { KeyCustody } from '#libs/use-cases';
import type { VerifyEd25519 } from '#libs/kernel';

export interface KeyCustodyUnderTest {
  readonly custody: KeyCustody;
  /** The same node's custody, opened again. */
  readonly reopen: () => KeyCustody;
  /** The same node's custody once its request secret has changed: the old secret still there, and destroyed. */
  readonly secretChanged: () => KeyCustody;
  readonly secretDestroyed: () => KeyCustody;
  /** Another node's, with other keys. */
  readonly stranger: KeyCustody;
  readonly node: string;
  readonly agency: string;
  /** A key for which peers seal what this node is to open, and one of the stranger's. */
  readonly encryption: { readonly kid: string; readonly publicKey: Uint8Array };
  readonly strangersEncryption: { readonly kid: string; readonly publicKey: Uint8Array };
  readonly verify: VerifyEd25519;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);
const code = (value: string): unknown => expect.objectContaining({ code: value });

export function keyCustodyContract(name: string, make: () => KeyCustodyUnderTest): void {
  describe(`key custody: ${name}`, () => {
    it('signs for each owner with that owner’s key', () => {
      const { custody, agency, node, verify } = make();
      const signed = bytesOf('lienthong/event/v1\n{}');
      for (const owner of [agency, node]) {
        const key = custody.signingKey(owner);
        expect(key.keyId.startsWith(`${owner}#`)).toBe(true);
        expect(verify(key.publicKey, signed, key.sign(signed))).toBe(true);
        expect(verify(custody.logKey().publicKey, signed, key.sign(signed))).toBe(false);
      }
    });

    it('refuses to sign for an owner whose key it does not hold', () => {
      expect(() => make().custody.signingKey('H26.777')).toThrow(code('KEY_MISSING'));
    });

    it('signs the log with a key of its own', () => {
      const { custody, verify } = make();
      const note = bytesOf('origin\n1\nroot\n');
      expect(verify(custody.logKey().publicKey, note, custody.logKey().sign(note))).toBe(true);
    });

    it('opens what was sealed for it, and nobody else does', () => {
      const { custody, stranger, encryption, strangersEncryption } = make();
      const sealed = stranger.sealJwe(bytesOf('Nguyễn Thị Hòa'), encryption);
      expect(text(custody.openJwe(sealed))).toBe('Nguyễn Thị Hòa');
      expect(() => stranger.openJwe(sealed)).toThrow(code('JWE_KEY_UNKNOWN'));
      const renamed = custody.sealJwe(bytesOf('x'), { ...strangersEncryption, kid: encryption.kid });
      expect(() => custody.openJwe(renamed)).toThrow(code('JWE_INVALID'));
    });

    it('seals the same text differently each time', () => {
      const { custody, encryption } = make();
      expect(custody.sealJwe(bytesOf('x'), encryption)).not.toBe(custody.sealJwe(bytesOf('x'), encryption));
    });

    it('unwraps what it wrapped, after opening again too', () => {
      const { custody, reopen } = make();
      const key = new Uint8Array(32).fill(7);
      const wrapped = custody.wrap(key);
      expect(Buffer.from(wrapped).includes(Buffer.from(key))).toBe(false);
      expect(Buffer.compare(reopen().unwrap(wrapped), key)).toBe(0);
    });

    it('does not unwrap what another wrapped, nor a changed byte', () => {
      const { custody, stranger } = make();
      const wrapped = custody.wrap(new Uint8Array(32));
      expect(() => stranger.unwrap(wrapped)).toThrow(code('VAULT_KEY_WRONG'));
      for (let at = 0; at < wrapped.length; at += 1) {
        const changed = Uint8Array.from(wrapped, (byte, index) => (index === at ? byte ^ 1 : byte));
        expect(() => custody.unwrap(changed)).toThrow(code('VAULT_KEY_WRONG'));
      }
    });

    it('gives the same fingerprint for the same request, another one for another, and none that a stranger could give', () => {
      const { custody, reopen, stranger } = make();
      const fingerprint = custody.requestHmac(bytesOf('{"a":1}'));
      expect(reopen().requestHmac(bytesOf('{"a":1}'))).toBe(fingerprint);
      expect(custody.requestHmac(bytesOf('{"a":2}'))).not.toBe(fingerprint);
      expect(stranger.requestHmac(bytesOf('{"a":1}'))).not.toBe(fingerprint);
    });

    it('knows the fingerprint of a request again, also from before a change of secret, until that is destroyed', () => {
      const { custody, reopen, secretChanged, secretDestroyed, stranger } = make();
      const [request, another] = [bytesOf('{"a":1}'), bytesOf('{"a":2}')];
      const kept = custody.requestHmac(request);
      for (const knowing of [custody, reopen(), secretChanged()]) {
        expect(knowing.matchesRequestHmac(kept, request)).toBe(true);
        expect(knowing.matchesRequestHmac(kept, another)).toBe(false);
        expect(knowing.matchesRequestHmac(knowing.requestHmac(another), another)).toBe(true);
      }
      expect(secretChanged().requestHmac(request)).not.toBe(kept);
      const changed = secretChanged();
      expect(changed.requestHmacs(request)).toEqual([changed.requestHmac(request), kept]);
      expect(secretDestroyed().requestHmacs(request)).not.toContain(kept);
      for (const strange of [secretDestroyed(), stranger])
        expect(strange.matchesRequestHmac(kept, request)).toBe(false);
    });

    it.each(['', 'x', 'request-20230614.', '.AAAA'])('takes %p for the fingerprint of nothing', (kept) => {
      expect(make().custody.matchesRequestHmac(kept, bytesOf(''))).toBe(false);
    });
  });
}
