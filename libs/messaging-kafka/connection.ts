/**
 * How this room reaches a broker. kafkajs exports nothing by name under ESM: the default export is its whole module.
 * It is frozen since 2023 and stands behind this room alone (ADR on messaging).
 */
import kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig, RetryOptions } from 'kafkajs';
import { boundHeaders } from './bounded-headers.ts';
import { secureSockets, type TlsFiles } from './secure-sockets.ts';
import { mendThrottleTimer } from './throttle-timer.ts';

boundHeaders();
mendThrottleTimer();

export interface KafkaConnection {
  /** `host:port`, one or more. */
  readonly brokers: readonly string[];
  /** Shown in the broker's logs and quotas, e.g. the node id and the role. */
  readonly clientId: string;
  /** SCRAM-SHA-512. Absent: no login (a broker that knows clients by certificate, or by nothing). */
  readonly sasl?: { readonly username: string; readonly password: string };
  /** TLS, with the broker's certificate and host name checked whatever the environment says. Absent: in the clear. */
  readonly tls?: TlsFiles;
}

/** A few quick attempts inside the client; what lasts longer is told to the caller, who decides. */
export const BOUNDED_RETRY: RetryOptions = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/** No request hangs: every one ends or fails within `requestTimeout`. */
const TIMEOUTS = { connectionTimeout: 3_000, authenticationTimeout: 5_000, requestTimeout: 10_000 } as const;

export function makeClient(connection: KafkaConnection, changes: Partial<KafkaConfig> = {}): Kafka {
  const { brokers, clientId, sasl, tls } = connection;
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...(sasl && { sasl: { mechanism: 'scram-sha-512', ...sasl } }),
    ...(tls && { ssl: true, socketFactory: secureSockets(tls) }),
    ...TIMEOUTS,
    retry: BOUNDED_RETRY,
    // What matters comes back as an error or goes to a callback; kafkajs would print it a second time, as an error.
    logLevel: kafkajs.logLevel.NOTHING,
    ...changes,
  });
}
