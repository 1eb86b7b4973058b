/** Codes with which this room refuses; never renamed. */
export const CALENDAR_NOT_COVERED = 'CALENDAR_NOT_COVERED';
export const REFERENCE_DATA_INVALID = 'REFERENCE_DATA_INVALID';
