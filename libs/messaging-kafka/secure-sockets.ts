/**
 * TLS towards the broker. Certificates are read from their files for each connection: one that was replaced on disk is used
 * from the next connection on, without a restart. Proved by `tls.int.spec.ts`.
 */
import { readFileSync } from 'node:fs';
import { connect as connectInTheClear, isIP } from 'node:net';
import { connect } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** Paths of PEM files. */
export interface TlsFiles {
  /** Authorities that are trusted; absent: those that Node trusts. */
  readonly ca?: string;
  /** For brokers that know clients by certificate; with `key` or not at all. */
  readonly cert?: string;
  readonly key?: string;
}

const KEEP_ALIVE_MS = 60_000;
const PROBE_MS = 3_000;

const serverName = (host: string): { servername?: string } => (isIP(host) === 0 ? { servername: host } : {});

export function secureSockets({ ca, cert, key }: TlsFiles): ISocketFactory {
  return ({ host, port, onConnect }) => {
    const files = {
      ...(ca !== undefined && { ca: readFileSync(ca) }),
      ...(cert !== undefined && { cert: readFileSync(cert) }),
      ...(key !== undefined && { key: readFileSync(key) }),
    };
    const socket = connect({ host, port, ...serverName(host), ...files, rejectUnauthorized: true }, onConnect);
    return socket.setKeepAlive(true, KEEP_ALIVE_MS);
  };
}

/**
 * A broker that is spoken to in the clear at a port of TLS closes the connection without a word. True when one of these
 * answers a TLS greeting. Nothing is said over that connection, so whose certificate it shows is of no matter.
 */
export async function speaksTls(brokers: readonly string[]): Promise<boolean> {
  return (await Promise.all(brokers.map(greet))).some((answered) => answered);
}

function greet(broker: string): Promise<boolean> {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(broker) ?? [];
  return new Promise((resolve) => {
    const plain = connectInTheClear({ host, port: Number(port), timeout: PROBE_MS });
    const socket = connect({ socket: plain, ...serverName(host), rejectUnauthorized: false });
    const end = (answered: boolean) => (): void => {
      socket.destroy();
      plain.destroy();
      resolve(answered);
    };
    plain.once('timeout', end(false)).once('error', end(false));
    socket.once('secureConnect', end(true)).once('error', end(false)).once('close', end(false));
  });
}
