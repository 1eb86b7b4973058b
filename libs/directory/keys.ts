/**
 * Keys that the directory states (wire format 3). Agency, node and registrar keys are different keys; a node and a
 * registrar may bear the same name, so the kind of the source says whose keys are meant.
 */
import type { AgencyCode, Instant, NodeId, SourceParts } from '#libs/kernel';
import { NOTHING_READ, type Directory, type RegistrarKey } from './directory.ts';
import { covers, type Revocation, type StatedKey } from './statement.ts';

/** Good in [`validFrom`, `validTo`); revoked: only with a proof from a believed log. */
export interface SigningKeyStated {
  readonly keyId: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly validFrom: Instant;
  readonly validTo?: Instant;
  readonly revoked?: Revocation;
}
export interface EncryptionKeyStated {
  /** `<node id>#<label>`, the `kid` of a JWE. */
  readonly kid: string;
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The Ed25519 key that a `keyid` names among those of agencies, nodes or registrars, good or not at any time. */
export function findKey(directory: Directory, kind: SourceParts['kind'], keyId: string): SigningKeyStated | undefined {
  if (kind === 'registrar') {
    const key = directory.trusted.find((trusted) => trusted.keyId === keyId);
    return key && registrarKey(key);
  }
  const hash = keyId.indexOf('#');
  const label = keyId.slice(hash + 1);
  const found = keysOf(directory, kind, keyId.slice(0, Math.max(hash, 0))).find((key) => key.label === label);
  return found?.alg === 'Ed25519' ? statedKey(keyId, found) : undefined;
}

/** Whether anybody can have signed in this name: its keys are stated, good or not. */
export const hasKeys = (directory: Directory, { kind, name }: SourceParts): boolean =>
  kind !== 'registrar' && keysOf(directory, kind, name).length > 0;

function keysOf(directory: Directory, kind: 'agency' | 'node', name: string): readonly StatedKey[] {
  return kind === 'agency'
    ? (directory.agencies.get(name as AgencyCode)?.keys ?? [])
    : (directory.nodes.get(name as NodeId)?.signingKeys ?? []);
}

function statedKey(keyId: string, { publicKey, validFrom, validTo, revoked }: StatedKey): SigningKeyStated {
  return {
    keyId,
    publicKey,
    validFrom,
    ...(validTo === undefined ? {} : { validTo }),
    ...(revoked ? { revoked } : {}),
  };
}

function registrarKey({ keyId, publicKey, validFrom, validTo }: RegistrarKey): SigningKeyStated {
  return { keyId, publicKey, validFrom: validFrom ?? NOTHING_READ, ...(validTo === undefined ? {} : { validTo }) };
}

/** The X25519 key to seal for a node at `at`: of those that are good then, the one that began last. */
export function encryptionKeyOf(directory: Directory, node: NodeId, at: Instant): EncryptionKeyStated | undefined {
  const good = (directory.nodes.get(node)?.encryptionKeys ?? []).filter(
    (key) => key.alg === 'X25519' && !key.revoked && covers(keyInterval(key), at),
  );
  const last = good.reduce<StatedKey | undefined>(
    (latest, key) => (latest && latest.validFrom >= key.validFrom ? latest : key),
    undefined,
  );
  return last && { kid: `${node}#${last.label}`, publicKey: last.publicKey };
}

const keyInterval = ({ validFrom, validTo }: StatedKey): { from: Instant; to?: Instant } =>
  validTo === undefined ? { from: validFrom } : { from: validFrom, to: validTo };
