/** A fixture of each version of each contract: its example, open and committed, with the disclosures that tie the two. */
import { createHash } from 'node:crypto';
import { committedRendering, personalPointers, versionOf, type Contract } from '#libs/contracts';
import { commitPersonal, type CommittedData } from '#libs/exchange';
import { schemaOf, typeOf, type JsonObject } from '#libs/kernel';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/** Salts that come out the same each time: fixtures are compared byte for byte. Never used for a real message. */
function fixedSalts(seed: string): () => Uint8Array {
  let next = 0;
  return () => sha256(new TextEncoder().encode(`${seed} ${next++}`));
}

function committedExample({ kind, name, major, minor, example }: Contract): CommittedData {
  const salts = fixedSalts(`fixture ${kind}.${name}.${major}.${minor}`);
  return commitPersonal(example, personalPointers(kind, name, major), salts, sha256);
}
/** The committed rendering as it is published: with the committed form of the example. */
export const committedWithExample = (contract: Contract): JsonObject =>
  committedRendering(contract, committedExample(contract).data);

export function fixtureOf(contract: Contract): string {
  const { kind, name, major, minor, example } = contract;
  const committed = committedExample(contract);
  const fixture = {
    type: typeOf(kind, name, major),
    dataschema: schemaOf(kind, name, major, minor),
    open: example,
    committed: committed.data,
    disclosures: committed.disclosures.map(({ disclosure }) => disclosure),
  };
  return `${JSON.stringify(fixture, null, 2)}\n`;
}
/** Events by themselves: read through the upcasters for ever. */
export function fixturePath(contract: Contract): string {
  const folder = contract.kind === 'dossier' || contract.kind === 'operation' ? 'events' : 'contracts';
  return `test/fixtures/${folder}/${contract.kind}.${contract.name}/${versionOf(contract)}.json`;
}
