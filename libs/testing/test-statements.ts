/** What the registrar of a test states of its nodes and agencies, with keys made for each of them. */
import { nodeStatementOf, type KeyMember } from '#libs/directory';
import { createKeys, publicKeys, sha256, type PublicKeys } from '#libs/key-custody';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { formatVkey, NOTE_SIGNATURE, verifierKey } from '#libs/ledger';
import type { OutgoingRecord } from '#libs/use-cases';
import { agencyStatements, type TestRegistrar } from './test-registrar.ts';

const KEYS_FROM = '2020-09-14T17:00:00.000Z' as Instant;

/** A node of the test and where its keys lie. */
export interface PlacedNode {
  readonly node: string;
  readonly agencies: readonly string[];
  readonly keysDir: string;
}

/** Makes the keys; gives the statements about nodes, then about agencies. */
export function statementsOf(registrar: TestRegistrar, all: readonly PlacedNode[]): readonly OutgoingRecord[] {
  const nodes = new Map(all.flatMap(({ node, agencies }) => agencies.map((agency) => [agency, node] as const)));
  const keys = new Map(all.map((one) => [one.node, keysOf(one)]));
  const agencyKeys = new Map([...nodes].map(([agency, node]) => [agency, signingKeys(keys.get(node), agency)]));
  return [
    ...all.map((one) => registrar.state('node', nodeData(one.node, keys.get(one.node)))),
    ...[...agencyStatements(nodes, agencyKeys).values()].map((data) => registrar.state('agency', data)),
  ];
}

function keysOf({ node, agencies, keysDir }: PlacedNode): PublicKeys {
  createKeys(keysDir, {
    node: node as NodeId,
    owners: agencies as readonly AgencyCode[],
    label: '2023-1',
    validFrom: KEYS_FROM,
  });
  return publicKeys(keysDir);
}
const member = ({ label, publicKey, validFrom }: PublicKeys['log'], alg: KeyMember['alg']): KeyMember => ({
  label,
  alg,
  publicKey,
  validFrom: validFrom ?? KEYS_FROM,
});
const signingKeys = (keys: PublicKeys | undefined, owner: string): readonly KeyMember[] =>
  (keys?.signing ?? []).filter((key) => key.owner === owner).map((key) => member(key, 'Ed25519'));

function nodeData(node: string, keys: PublicKeys | undefined): ReturnType<typeof nodeStatementOf> {
  const origin = `lienthong.example/${node}/1`;
  const publicKey = Buffer.from(keys?.log.publicKey ?? '', 'base64url');
  return nodeStatementOf({
    node,
    baseUrl: `https://${node}.lienthong.example`,
    signingKeys: signingKeys(keys, node),
    encryptionKeys: (keys?.encryption ?? []).map((key) => member(key, 'X25519')),
    logs: [
      {
        life: 1,
        origin,
        vkey: vkeyOf(origin, publicKey),
        from: '2023-01-01',
      },
    ],
  });
}

export const vkeyOf = (origin: string, publicKey: Uint8Array): string =>
  formatVkey(verifierKey({ name: origin, type: NOTE_SIGNATURE, publicKey }, sha256));
