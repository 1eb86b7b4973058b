import { encodeUtf8 } from './canonical.ts';
import type { Sha256 } from './crypto.ts';
import type { Hash, Instant, Subject, Uuid } from './ids.ts';

/** Why an automation issues a command: an event, or a deadline in a stream that has come. */
export type AutomationCause = Hash | { readonly subject: Subject; readonly deadline: Instant };

/**
 * The id of a command that an automation issues: UUID version 8 made of its cause, so that the same cause gives the same
 * command however often the automation runs (wire format 2, `id`).
 */
export function automationCommandId(automation: string, cause: AutomationCause, sha256: Sha256): Uuid {
  const why = typeof cause === 'string' ? cause : `${cause.subject}\n${cause.deadline}`;
  const bytes = sha256(encodeUtf8(`${automation}\n${why}`)).slice(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as Uuid;
}
