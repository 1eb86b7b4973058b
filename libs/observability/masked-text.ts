/** Longer texts are cut: nobody reads them, and what is long was pasted from data. */
const MAX_LENGTH = 500;

/**
 * A sentence for the log without what may be data in it. Libraries put values into their messages in quotation marks
 * (PostgreSQL: `invalid input syntax for type date: "…"`; JSON: `Unexpected token … "…" is not valid JSON`), and data hold
 * quotation marks themselves, so everything from the first to the last one goes; besides long numbers and addresses.
 */
export function maskedText(text: string): string {
  return text
    .replace(/"[^]*"/g, '"…"')
    .replace(/(?<!\p{L})'[^]*'(?!\p{L})/gu, "'…'")
    .replace(/[`“„][^]*[`”]/g, '`…`')
    .replace(/\S+@\S+/g, '…@…')
    .replace(/\d{9,}/g, '…')
    .slice(0, MAX_LENGTH);
}
