import { describe, expect, it } from '@jest/globals';
import type { DomainError, NodeId } from '#libs/kernel';
import { readGivenServers } from './given-servers.ts';

const NODES = ['gialam-communes', 'hanoi-city'] as unknown as readonly NodeId[];
const URLS = {
  DATABASE_URL_GIALAM_COMMUNES: 'postgres://app@db/communes',
  VAULT_DATABASE_URL_GIALAM_COMMUNES: 'postgres://app@db/communes_vault',
  DATABASE_OWNER_URL_GIALAM_COMMUNES: 'postgres://owner@db/communes',
  DATABASE_URL_HANOI_CITY: 'postgres://app@db/city',
  VAULT_DATABASE_URL_HANOI_CITY: 'postgres://app@db/city_vault',
};
const missingFrom = (env: Readonly<Record<string, string>>): unknown => {
  try {
    readGivenServers(env, NODES);
    return undefined;
  } catch (error) {
    return (error as DomainError).details['missing'];
  }
};

describe('servers of the environment', () => {
  it('are none: the embedded ones are used', () => {
    expect(readGivenServers({}, NODES)).toEqual({});
  });

  it('name databases of every node, with an owner where it migrates', () => {
    const { postgres } = readGivenServers(URLS, NODES);
    expect(postgres && 'urls' in postgres && postgres.urls.get('gialam-communes' as NodeId)).toEqual({
      ledger: { appUrl: 'postgres://app@db/communes', ownerUrl: 'postgres://owner@db/communes' },
      vault: { appUrl: 'postgres://app@db/communes_vault' },
    });
    expect(readGivenServers({ DATABASE_URL_ADMIN: 'postgres://a@db/postgres' }, NODES).postgres).toEqual({
      adminUrl: 'postgres://a@db/postgres',
    });
  });

  it('name a broker without login, or with a login for everybody', () => {
    const { kafka } = readGivenServers({ KAFKA_BROKERS: 'a:9092, b:9092' }, NODES);
    expect(kafka).toEqual({ brokers: ['a:9092', 'b:9092'], ssl: false, logins: new Map() });
  });

  it('miss something: all of it is said at once', () => {
    const { DATABASE_URL_HANOI_CITY: _, VAULT_DATABASE_URL_GIALAM_COMMUNES: __, ...some } = URLS;
    expect(
      missingFrom({ ...some, KAFKA_BROKERS: 'a:9092', KAFKA_USERNAME_REGISTRAR: 'r', KAFKA_ADMIN_USERNAME: 'x' }),
    ).toEqual([
      'VAULT_DATABASE_URL_GIALAM_COMMUNES',
      'DATABASE_URL_HANOI_CITY',
      'KAFKA_ADMIN_PASSWORD',
      'KAFKA_USERNAME_GIALAM_COMMUNES',
      'KAFKA_PASSWORD_GIALAM_COMMUNES',
      'KAFKA_USERNAME_HANOI_CITY',
      'KAFKA_PASSWORD_HANOI_CITY',
      'KAFKA_PASSWORD_REGISTRAR',
    ]);
    expect(
      missingFrom({ ...some, DATABASE_URL_HANOI_CITY: 'postgres://app@db/city', VAULT_DATABASE_URL_HANOI_CITY: '' }),
    ).toEqual(['VAULT_DATABASE_URL_GIALAM_COMMUNES', 'VAULT_DATABASE_URL_HANOI_CITY']);
  });
});
