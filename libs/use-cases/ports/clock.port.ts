import type { Instant, Uuid } from '#libs/kernel';

export interface Clock {
  now(): Instant;
}
/** UUID version 7, lower case; monotone within a process. */
export interface Ids {
  uuid7(): Uuid;
  randomBytes(length: number): Uint8Array;
}
