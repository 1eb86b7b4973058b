/** What all nodes of all simulated worlds share: contracts, procedures, calendar, and keys that last as long as the program. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCalendar, type Calendar } from '#libs/calendar';
import type { RegistrarKey } from '#libs/directory';
import { createKeys, openKeyCustody, publicKeys, sha256, verifyEd25519, type PublicKeys } from '#libs/key-custody';
import type { AgencyCode, Instant, NodeId, Sha256, VerifyAllEd25519, VerifyEd25519 } from '#libs/kernel';
import { parseProcedures, type Procedures } from '#libs/procedures';
import type { Clock, Contracts, KeyCustody } from '#libs/use-cases';
import { openContracts } from '../../apps/gateway/wiring/contracts.ts';
import { readReference } from '../../libs/testing/test-registrar.ts';

export interface Reference {
  readonly contracts: Contracts;
  readonly procedures: Procedures;
  readonly calendar: Calendar;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly verifyAll: VerifyAllEd25519;
  readonly trusted: readonly RegistrarKey[];
}

/** Every node judges the same bytes: a signature is verified once, as often as it is asked. */
function rememberingVerify(): VerifyEd25519 {
  const known = new Map<string, boolean>();
  return (publicKey, bytes, signature) => {
    const name = `${Buffer.from(signature).toString('latin1')}${Buffer.from(sha256(bytes)).toString('latin1')}${Buffer.from(publicKey).toString('latin1')}`;
    const verdict = known.get(name) ?? verifyEd25519(publicKey, bytes, signature);
    if (known.size > MOST_KEPT) known.clear();
    known.set(name, verdict);
    return verdict;
  };
}
const MOST_KEPT = 50_000;

const verify = rememberingVerify();
/** On this thread: what happens in a world is to follow from its seed alone. */
const verifyAll: VerifyAllEd25519 = (checks) =>
  Promise.resolve(checks.map(({ publicKey, bytes, signature }) => verify(publicKey, bytes, signature)));

const shared = {
  contracts: openContracts(),
  procedures: parseProcedures(readReference('procedures.json'), readReference('rules.json')),
  calendar: parseCalendar(readReference('working-calendar.json')),
  sha256,
  verify,
  verifyAll,
};
export const referenceFor = (trusted: readonly RegistrarKey[]): Reference => ({ ...shared, trusted });

export const KEYS_FROM = '2020-09-14T17:00:00.000Z' as Instant;
const keysRoot = mkdtempSync(join(tmpdir(), 'lienthong-simulation-'));
process.once('exit', () => rmSync(keysRoot, { recursive: true, force: true }));
const made = new Map<string, string>();

/** Key files of a node with these agencies; made once, since nothing that happens depends on which key it is. */
function keysDirOf(node: NodeId, agencies: readonly AgencyCode[]): string {
  const name = `${node}=${agencies.join()}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const dir = join(keysRoot, String(made.size));
  createKeys(dir, { node, owners: agencies, label: '2023-1', validFrom: KEYS_FROM });
  made.set(name, dir);
  return dir;
}
export interface SimKeys {
  readonly custody: KeyCustody;
  readonly published: PublicKeys;
}
export function keysFor(node: NodeId, agencies: readonly AgencyCode[], clock: Clock): SimKeys {
  const dir = keysDirOf(node, agencies);
  return { custody: openKeyCustody(dir, clock), published: publicKeys(dir) };
}
