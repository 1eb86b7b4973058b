/**
 * What a backup of vault or keys rests in, where it is sealed: each file a file of the age format (age-encryption.org/v1),
 * so that `age` opens it by hand, too. Sealed to recipients (`age1…`), or to an identity made for this part alone, which lies
 * beside the files in `identity.age` under the passphrase: the slow derivation is paid once for a part, not for each file.
 *
 * Promise: without the identity or the passphrase nothing of a file is read; a flipped bit, and an end that is missing, are
 * found before anything is put back. Proved by `sealing.int.spec.ts`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { DomainError } from '#libs/kernel';

export interface SealWanted {
  /** `age1…`; who holds an identity of one of them opens the backup. */
  readonly recipients?: readonly string[];
  readonly passphrase?: string;
  /** Of scrypt, as a power of two; absent: as the format proposes (18). */
  readonly workFactor?: number;
}
export interface OpenWith {
  /** `AGE-SECRET-KEY-1…` */
  readonly identities?: readonly string[];
  readonly passphrase?: string;
}
export interface Seal {
  readonly recipients: readonly string[];
  /** Bytes of `identity.age`. */
  readonly identity?: Uint8Array;
}
export const SEALED = '.age';
export const IDENTITY = 'identity.age';

/** Undefined: nothing is asked for, the backup is plain. @throws DomainError `RECIPIENT_MALFORMED` */
export async function makeSeal({ recipients = [], passphrase, workFactor }: SealWanted = {}): Promise<
  Seal | undefined
> {
  if (recipients.length > 0) return { recipients: recipients.map(checked) };
  if (passphrase === undefined) return undefined;
  const identity = await generateX25519Identity();
  const locked = new Encrypter();
  locked.setPassphrase(passphrase);
  if (workFactor !== undefined) locked.setScryptWorkFactor(workFactor);
  return { recipients: [await identityToRecipient(identity)], identity: await locked.encrypt(identity) };
}

function checked(recipient: string): string {
  try {
    new Encrypter().addRecipient(recipient);
    return recipient;
  } catch (error) {
    throw new DomainError('RECIPIENT_MALFORMED', `${recipient} is no recipient of age`, { cause: String(error) });
  }
}

/** The bytes as they are kept. */
export async function sealed(seal: Seal | undefined, plain: Readable): Promise<Readable> {
  if (!seal) return plain;
  const encrypter = new Encrypter();
  for (const recipient of seal.recipients) encrypter.addRecipient(recipient);
  return fromWeb(await encrypter.encrypt(toWeb(plain)));
}

/** Gives the identities that open a part. @throws DomainError `BACKUP_LOCKED` */
export async function unlock(folder: string, { identities = [], passphrase }: OpenWith): Promise<readonly string[]> {
  if (identities.length > 0 || passphrase === undefined) return identities;
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return [await decrypter.decrypt(readFileSync(join(folder, IDENTITY)), 'text')];
  } catch (error) {
    throw locked(folder, error);
  }
}

/** @throws DomainError `BACKUP_LOCKED`; the stream breaks off with an error where its bytes are not those that were sealed */
export async function opened(file: string, identities: readonly string[], kept: Readable): Promise<Readable> {
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    return fromWeb(await decrypter.decrypt(toWeb(kept)));
  } catch (error) {
    throw locked(file, error);
  }
}

const locked = (what: string, error: unknown): DomainError =>
  new DomainError('BACKUP_LOCKED', `${what}: it does not open with this identity or passphrase, or is damaged`, {
    cause: error instanceof Error ? error.name : 'unknown',
  });

/** Two declarations of one thing: Node's and that of the web. */
const toWeb = (stream: Readable): globalThis.ReadableStream<Uint8Array> => Readable.toWeb(stream);
const fromWeb = (stream: globalThis.ReadableStream<Uint8Array>): Readable => Readable.fromWeb(stream);
