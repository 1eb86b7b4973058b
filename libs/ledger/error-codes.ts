/** Codes with which this room refuses; never renamed. */
export const VKEY_MALFORMED = 'VKEY_MALFORMED';
export const NOTE_MALFORMED = 'NOTE_MALFORMED';
/** No signature by a known key stands under the note. */
export const NOTE_UNVERIFIED = 'NOTE_UNVERIFIED';
/** A signature by a known key stands there and does not verify. */
export const NOTE_SIGNATURE_INVALID = 'NOTE_SIGNATURE_INVALID';
export const CHECKPOINT_MALFORMED = 'CHECKPOINT_MALFORMED';
/** The origin is not that of the key that signed. */
export const CHECKPOINT_ORIGIN_WRONG = 'CHECKPOINT_ORIGIN_WRONG';
export const PROOF_MALFORMED = 'PROOF_MALFORMED';
export const PROOF_INVALID = 'PROOF_INVALID';
/** A proof is asked for that the tree cannot have. */
export const PROOF_OUT_OF_RANGE = 'PROOF_OUT_OF_RANGE';
