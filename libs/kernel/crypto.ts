/** Functions that the pure rooms are handed, so that they need no platform. All are synchronous and without state. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;
/** Ed25519 verification (RFC 8032): raw 32-byte public key, signed bytes, 64-byte signature. Never throws. */
export type VerifyEd25519 = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
/** Ed25519 signature, 64 bytes, with a key that the function holds. */
export type SignEd25519 = (bytes: Uint8Array) => Uint8Array;
