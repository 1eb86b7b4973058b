/**
 * The embedded stack's part of a data directory (the servers keep theirs in `stack.json`, `postgres/`, `kafka/`):
 *
 * | path              | what                                                                                   |
 * | ----------------- | -------------------------------------------------------------------------------------- |
 * | `embedded.json`   | nodes, addresses, database URLs, logins: what the command line needs (mode 0600)       |
 * | `work-clock.json` | the clock of the nodes and the work time they have reached                              |
 * | `keys/<node>/`    | private keys of a node; `keys/registrar/`, `keys/issuer/` those of registrar and tokens |
 * | `registrar/`      | what the registrar has stated                                                          |
 * | `logs/<node>.log` | what a node says                                                                       |
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TrustedKey, WorkClock } from '#libs/config';
import { encodeBase64Url, decodeBase64Url, type AgencyCode, type Instant, type NodeId } from '#libs/kernel';
import type { NodeDatabases } from './postgres-place.ts';
import type { Login } from './kafka-place.ts';
import type { ProcessMark } from '../stack/process.ts';

export interface NodeRecord {
  readonly node: NodeId;
  readonly agencies: readonly AgencyCode[];
  readonly port: number;
  readonly url: string;
  readonly databases: NodeDatabases;
  readonly kafka?: Login;
  /** Running, or left running by a start that was killed. */
  readonly process?: ProcessMark;
}
export interface EmbeddedRecord {
  readonly format: typeof FORMAT;
  readonly nodes: readonly NodeRecord[];
  readonly brokers: readonly string[];
  readonly kafkaSsl: boolean;
  /** File of the authority of the brokers' certificates. */
  readonly kafkaSslCa?: string;
  readonly registrar: { readonly keyId: string; readonly publicKey: string };
  /** Passwords of the roles made on a server given by its administrator's URL. */
  readonly roles: Readonly<Record<string, string>>;
}
export interface ClockRecord {
  readonly clock: WorkClock;
  readonly reached: Instant;
}

const FORMAT = 'lienthong/embedded/v1';

export class DataFolder {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = resolve(dir);
  }

  keysOf(owner: string): string {
    return join(this.dir, 'keys', owner);
  }
  logOf(node: NodeId): string {
    return join(this.dir, 'logs', `${node}.log`);
  }
  get register(): string {
    return join(this.dir, 'registrar', 'statements.json');
  }
  get jwks(): string {
    return join(this.keysOf('issuer'), 'jwks.json');
  }

  findRecord(): EmbeddedRecord | undefined {
    return this.read<EmbeddedRecord>('embedded.json');
  }
  saveRecord(record: Omit<EmbeddedRecord, 'format'>): void {
    this.write('embedded.json', { format: FORMAT, ...record });
  }
  changeNode(node: NodeId, change: (before: NodeRecord) => NodeRecord): void {
    const record = this.findRecord();
    if (!record) return;
    this.saveRecord({ ...record, nodes: record.nodes.map((one) => (one.node === node ? change(one) : one)) });
  }

  findClock(): ClockRecord | undefined {
    return this.read<ClockRecord>('work-clock.json');
  }
  saveClock(record: ClockRecord): void {
    this.write('work-clock.json', record);
  }

  private read<T>(name: string): T | undefined {
    const path = join(this.dir, name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
  }

  /** Whole beside, then moved into place: a reader never finds half of it. */
  write(name: string, value: unknown): void {
    mkdirSync(this.dir, { recursive: true });
    const beside = join(this.dir, `${name}.${randomUUID()}`);
    try {
      writeFileSync(beside, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
      renameSync(beside, join(this.dir, name));
    } finally {
      rmSync(beside, { force: true });
    }
  }
}

/** The registrar's key as a node and a verifier are told to trust it. */
export const trustedKeyOf = ({ registrar }: Pick<EmbeddedRecord, 'registrar'>): TrustedKey => ({
  keyId: registrar.keyId,
  publicKey: decodeBase64Url(registrar.publicKey) ?? new Uint8Array(),
});
export const registrarRecord = (keyId: string, publicKey: Uint8Array): EmbeddedRecord['registrar'] => ({
  keyId,
  publicKey: encodeBase64Url(publicKey),
});
