/** Private keys of a node: agency and node signing keys, log key, encryption keys, wrapping key, request secret. File now, HSM later. */
export interface SigningKey {
  /** `<agency code, node id or registrar>#<label>`. */
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}
export interface KeyCustody {
  /** The key with which an agency or the node signs now. Throws `KEY_MISSING`. */
  signingKey(owner: string): SigningKey;
  logKey(): SigningKey;
  /** Opens a compact JWE that names one of the node's encryption keys; throws `JWE_INVALID`, `JWE_KEY_UNKNOWN`. */
  openJwe(compact: string): Uint8Array;
  /** Seals for a peer's X25519 public key (ECDH-ES, A256GCM, wire format 4). */
  sealJwe(plaintext: Uint8Array, recipient: { kid: string; publicKey: Uint8Array }): string;
  /** AES-256-GCM wrap and unwrap of a 32-byte data key under the node's wrapping key. Unwrap throws `VAULT_KEY_WRONG`. */
  wrap(key: Uint8Array): Uint8Array;
  unwrap(wrapped: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 under the node's request secret (life of 30 days). */
  requestHmac(bytes: Uint8Array): string;
  /** Under each secret that is kept, that of {@link requestHmac} first. */
  requestHmacs(bytes: Uint8Array): readonly string[];
  /**
   * Whether a fingerprint that `requestHmac` gave, perhaps under an earlier secret, is that of these bytes. A comparison of
   * texts would take the repeat of a request from before a change of secret for another request. False as well once the
   * secret is destroyed: then nobody can say so any more.
   */
  matchesRequestHmac(kept: string, bytes: Uint8Array): boolean;
}
