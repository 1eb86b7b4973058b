/** Codes with which this room refuses, beside those of the room `calendar`; never renamed. */
export const PROCEDURE_CASE_UNKNOWN = 'PROCEDURE_CASE_UNKNOWN';
