/** Texts of requests as class-validator checks them; the parsers of the kernel have the last word. */
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
export const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
export const NODE = /^[a-z0-9](-?[a-z0-9]){0,47}$/;
