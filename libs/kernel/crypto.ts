/**
 * Functions that the pure rooms are handed, so that they need no platform. Without state, and synchronous but for those of
 * the application layer, which asks for what takes long off its thread and hands pure code the answers (ADR 0017).
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;
/** Ed25519 verification (RFC 8032): raw 32-byte public key, signed bytes, 64-byte signature. Never throws. */
export type VerifyEd25519 = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
export interface SignatureCheck {
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}
/** {@link VerifyEd25519} of many at once, beside the caller's thread; answers in the order of the questions. Never rejects. */
export type VerifyAllEd25519 = (checks: readonly SignatureCheck[]) => Promise<readonly boolean[]>;
/** Ed25519 signature, 64 bytes, with a key that the function holds. */
export type SignEd25519 = (bytes: Uint8Array) => Uint8Array;
