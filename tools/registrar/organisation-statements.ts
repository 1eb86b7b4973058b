/** What a registrar states about a whole organisation: its nodes first, then its agencies with their keys and nodes. */
import { agencyStatementsOf, nodeStatementOf, type KeyMember, type Organisation } from '#libs/directory';
import { sha256, type PublicKey, type PublicKeys } from '#libs/key-custody';
import type { AgencyCode, Instant, NodeId } from '#libs/kernel';
import { formatVkey, NOTE_SIGNATURE, verifierKey } from '#libs/ledger';
import type { Statement } from './statement-register.ts';

/** A node as it applies to the registrar. */
export interface NodeEntry {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  readonly baseUrl: string;
  readonly keys: PublicKeys;
  /** Of each life in order: origin of its log, `<host>/<node id>/<life>`, and the day it began. */
  readonly logs: readonly { readonly life: number; readonly origin: string; readonly from: string }[];
}

export function organisationStatements(
  organisation: Organisation,
  nodes: readonly NodeEntry[],
  keysFrom: Instant,
): readonly Statement[] {
  const nodeOfAgency = new Map(nodes.flatMap(({ node, agencies }) => agencies.map((code) => [code as string, node])));
  const keysOfAgency = new Map(
    nodes.flatMap(({ agencies, keys }) => agencies.map((code) => [code as string, signing(keys, code, keysFrom)])),
  );
  const agencies = agencyStatementsOf(organisation, { nodes: nodeOfAgency, keys: keysOfAgency });
  return [
    ...nodes.map((entry) => nodeStatement(entry, keysFrom)),
    ...[...agencies.values()].map((data): Statement => ({ name: 'agency', data })),
  ];
}

function nodeStatement({ node, baseUrl, keys, logs }: NodeEntry, keysFrom: Instant): Statement {
  const publicKey = Buffer.from(keys.log.publicKey, 'base64url');
  const vkeyOf = (origin: string): string =>
    formatVkey(verifierKey({ name: origin, type: NOTE_SIGNATURE, publicKey }, sha256));
  const data = nodeStatementOf({
    node,
    baseUrl,
    signingKeys: signing(keys, node, keysFrom),
    encryptionKeys: keys.encryption.map((key) => member(key, 'X25519', keysFrom)),
    logs: logs.map(({ life, origin, from }) => ({ life, origin, vkey: vkeyOf(origin), from })),
  });
  return { name: 'node', data };
}

const signing = (keys: PublicKeys, owner: string, keysFrom: Instant): readonly KeyMember[] =>
  keys.signing.filter((key) => key.owner === owner).map((key) => member(key, 'Ed25519', keysFrom));

const member = (
  { label, publicKey, validFrom, validTo }: PublicKey,
  alg: KeyMember['alg'],
  keysFrom: Instant,
): KeyMember => ({
  label,
  alg,
  publicKey,
  validFrom: validFrom ?? keysFrom,
  ...(validTo === undefined ? {} : { validTo }),
});
