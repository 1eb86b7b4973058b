import { encodeBase64Url } from './base64.ts';
import type { Sha256 } from './crypto.ts';
import type { Hash } from './ids.ts';

/** 32 bytes in 43 characters; the last one carries four bits, its two spare ones are zero. */
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** base64url of 32 bytes in its one spelling. */
export const isHash = (text: string): text is Hash => HASH.test(text);

/** Hash of a message, given its signed bytes (wire format 2). */
export const hashOf = (signedBytes: Uint8Array, sha256: Sha256): Hash => encodeBase64Url(sha256(signedBytes)) as Hash;
