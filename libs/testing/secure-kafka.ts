/** A broker of a spec's own with listeners over TLS: by password, by certificate, and one whose certificate has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaConnection } from '#libs/messaging-kafka';
import { openStack, removeStack } from '#tools/stack';
import { type Authority, makeAuthority } from './certificates.ts';

export interface SecureKafka {
  /** As the administrator, on the listener in the clear. */
  readonly connection: KafkaConnection;
  readonly authority: Authority;
  /** Another one, which nobody trusts. */
  readonly foreign: Authority;
  readonly at: Readonly<Record<Listener, string>>;
  loginOf(username: string): Promise<{ readonly username: string; readonly password: string }>;
  remove(): Promise<void>;
}
const LISTENERS = ['scram', 'mtls', 'expired'] as const;
type Listener = (typeof LISTENERS)[number];
const PROTOCOLS = { scram: 'SASL_SSL', mtls: 'SSL', expired: 'SSL' } as const;

export async function startSecureKafka(users: readonly string[]): Promise<SecureKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-test-tls-'));
  const authority = await makeAuthority(folder, 'city-authority');
  const foreign = await makeAuthority(folder, 'foreign-authority');
  const host = { name: 'broker', hosts: ['localhost'] };
  const good = await authority.issue('broker', host);
  const ended = await authority.issue('expired', { ...host, days: -1 });
  const stack = openStack(join(folder, 'stack'));
  const ports = await Promise.all(LISTENERS.map((name) => stack.ports.choose(`TEST_${name}`)));
  const at = Object.fromEntries(LISTENERS.map((name, i) => [name, `localhost:${ports[i]}`])) as SecureKafka['at'];
  const stores = { scram: good.store, mtls: good.store, expired: ended.store };
  const kafka = await stack.startKafka({
    users,
    settings: (ours) => ({
      ...ours,
      listeners: [
        ours['listeners'],
        ...LISTENERS.map((name) => `${name}://${at[name].replace('localhost', '127.0.0.1')}`),
      ].join(),
      'advertised.listeners': [
        ours['advertised.listeners'],
        ...LISTENERS.map((name) => `${name}://${at[name]}`),
      ].join(),
      'listener.security.protocol.map': [
        ours['listener.security.protocol.map'],
        ...LISTENERS.map((name) => `${name}:${PROTOCOLS[name]}`),
      ].join(),
      ...Object.assign({}, ...LISTENERS.map((name) => secured(name, stores[name], authority.ca))),
      'listener.name.scram.scram-sha-512.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    }),
  });
  return {
    connection: { brokers: kafka.brokers, clientId: 'spec', sasl: kafka.admin },
    authority,
    foreign,
    at,
    loginOf: (username) => kafka.ensureUser(username),
    async remove() {
      await stack.stopAll();
      await removeStack(stack.dataDir);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A client's login is the common name of its certificate. */
function secured(name: Listener, store: string, ca: string): Readonly<Record<string, string>> {
  const settings: Readonly<Record<string, string>> = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': store,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'ssl.client.auth': name === 'scram' ? 'none' : 'required',
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/,DEFAULT',
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`listener.name.${name}.${key}`, value]));
}
