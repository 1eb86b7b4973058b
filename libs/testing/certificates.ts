/** A certificate authority of a spec's own, and certificates by it, as PEM files that servers and clients read. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

export interface CertificateWanted {
  /** Common name; of a client, its login. */
  readonly name: string;
  /** Host names and addresses of a server. */
  readonly hosts?: readonly string[];
  /** Days from now in which it ends; below nought: it has ended. */
  readonly days?: number;
}
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  /** Key and certificate in one file, as Kafka's PEM keystore has them. */
  readonly store: string;
}
export interface Authority {
  /** Path of its own certificate. */
  readonly ca: string;
  /** A second call with the same file name replaces the files. */
  issue(file: string, wanted: CertificateWanted): Promise<CertificateFiles>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

const newPair = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
const daysFromNow = (days: number): Date => new Date(performance.timeOrigin + performance.now() + days * DAY_MS);

export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await newPair();
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore: daysFromNow(-10),
    notAfter: daysFromNow(10),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const ca = write(folder, `${name}.ca.pem`, own.toString('pem'));
  return { ca, issue: (file, wanted) => issue({ folder, keys, issuer: own.subject }, file, wanted) };
}

interface Issuer {
  readonly folder: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly issuer: string;
}

async function issue({ folder, keys, issuer }: Issuer, file: string, wanted: CertificateWanted) {
  const { name, hosts = [], days = 10 } = wanted;
  const own = await newPair();
  const names = hosts.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value }));
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer,
    notBefore: daysFromNow(Math.min(0, days) - 5),
    notAfter: daysFromNow(days),
    publicKey: own.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
  });
  const cert = certificate.toString('pem');
  const bytes = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
  const key = x509.PemConverter.encode(bytes, 'PRIVATE KEY');
  return {
    cert: write(folder, `${file}.cert.pem`, cert),
    key: write(folder, `${file}.key.pem`, key),
    store: write(folder, `${file}.store.pem`, `${key}\n${cert}`),
  };
}

function write(folder: string, file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}
