/** A vault in memory for tests of what uses one. It passes `vault.contract.ts`; it encrypts nothing. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Hash, Instant, Subject } from '#libs/kernel';
import type { DisclosureRefused, DisclosureSent, ErasureConfirmed, StoredDisclosure, Vault } from '#libs/use-cases';

interface Row extends StoredDisclosure {
  readonly storedAt: number;
}

/** All that a vault holds; opaque to who keeps it as a backup. */
export interface VaultState {
  readonly rows: Map<string, Row>;
  readonly erased: Map<Subject, Set<string>>;
  readonly dossierKeys: Map<Subject, Uint8Array>;
  readonly sent: DisclosureSent[];
  readonly refused: DisclosureRefused[];
  readonly confirmed: Map<Hash, readonly ErasureConfirmed[]>;
}
const emptyVault = (): VaultState => ({
  rows: new Map(),
  erased: new Map(),
  dossierKeys: new Map(),
  sent: [],
  refused: [],
  confirmed: new Map(),
});

export class MemoryVault implements Vault {
  #state = emptyVault();
  /** What {@link recordReveal} was given, for a test to look at. */
  readonly reveals: Parameters<Vault['recordReveal']>[0][] = [];

  backup(): VaultState {
    return structuredClone(this.#state);
  }

  /** What an operator does to a database: an older state under the same name. */
  restore(backup: VaultState): void {
    this.#state = structuredClone(backup);
  }

  async put(disclosures: readonly StoredDisclosure[]): Promise<void> {
    for (const row of disclosures) {
      const name = `${row.event}\n${row.pointer}`;
      const erased = this.#state.erased.get(row.stream)?.has(row.subject) ?? false;
      if (!erased) this.#state.rows.set(name, { ...(this.#state.rows.get(name) ?? row), storedAt: Date.now() });
    }
  }

  async find(events: readonly Hash[]): Promise<readonly StoredDisclosure[]> {
    return this.#rowsOf(events).map(({ storedAt: _, ...disclosure }) => disclosure);
  }

  async findPointers(events: readonly Hash[]): Promise<ReadonlyMap<Hash, readonly string[]>> {
    const groups = Map.groupBy(this.#rowsOf(events), ({ event }) => event);
    return new Map([...groups].map(([event, rows]) => [event, rows.map(({ pointer }) => pointer).toSorted()]));
  }

  async erase(stream: Subject, subjects: readonly string[]): Promise<void> {
    const erased = this.#state.erased.get(stream) ?? new Set();
    if (subjects.some((subject) => !erased.has(subject))) this.#state.dossierKeys.delete(stream);
    this.#state.erased.set(stream, new Set([...erased, ...subjects]));
    for (const [name, row] of this.#state.rows) {
      if (row.stream === stream && subjects.includes(row.subject)) this.#state.rows.delete(name);
    }
  }

  async erasedSubjects(stream: Subject): Promise<ReadonlySet<string>> {
    return new Set(this.#state.erased.get(stream));
  }

  async recordSent(rows: readonly DisclosureSent[]): Promise<void> {
    this.#state.sent.push(...rows);
  }

  async findSent(event: Hash): Promise<readonly DisclosureSent[]> {
    return this.#state.sent.filter((row) => row.event === event).toSorted((a, b) => (a.sentAt < b.sentAt ? -1 : 1));
  }

  async recordRefused(rows: readonly DisclosureRefused[]): Promise<void> {
    this.#state.refused.push(...rows);
  }

  async findRefused(event: Hash): Promise<readonly DisclosureRefused[]> {
    return this.#state.refused
      .filter((row) => row.event === event)
      .toSorted((a, b) => (a.refusedAt < b.refusedAt ? -1 : 1));
  }

  async recordErased(event: Hash, confirmed: ErasureConfirmed): Promise<void> {
    const known = this.#state.confirmed.get(event) ?? [];
    if (!known.some(({ node }) => node === confirmed.node)) this.#state.confirmed.set(event, [...known, confirmed]);
  }

  async findErased(event: Hash): Promise<readonly ErasureConfirmed[]> {
    return (this.#state.confirmed.get(event) ?? []).toSorted((a, b) => (a.confirmedAt < b.confirmedAt ? -1 : 1));
  }

  async recordReveal(row: Parameters<Vault['recordReveal']>[0]): Promise<void> {
    this.reveals.push(row);
  }

  async sweep(
    isRecorded: (events: readonly Hash[]) => Promise<ReadonlySet<Hash>>,
    olderThan: Instant,
  ): Promise<number> {
    const old = [...this.#state.rows].filter(([, row]) => row.storedAt < Date.parse(olderThan));
    const recorded = await isRecorded([...new Set(old.map(([, row]) => row.event))]);
    const orphans = old.filter(([, row]) => !recorded.has(row.event));
    for (const [name] of orphans) this.#state.rows.delete(name);
    return orphans.length;
  }

  async hmac(stream: Subject, bytes: Uint8Array): Promise<string> {
    const key = this.#state.dossierKeys.get(stream) ?? randomBytes(32);
    this.#state.dossierKeys.set(stream, key);
    return createHmac('sha256', key).update(bytes).digest('base64url');
  }

  async close(): Promise<void> {}

  #rowsOf(events: readonly Hash[]): readonly Row[] {
    const wanted = new Set(events);
    return [...this.#state.rows.values()].filter(({ event }) => wanted.has(event));
  }
}
