/**
 * What went wrong between us and the broker, as one error with a stable code and the answer to the one question the
 * caller has: may it be tried again, and when? What is not in the tables is permanent and loud.
 */
import { DomainError, whyRefused } from '#libs/kernel';

export type BrokerFailureCode =
  /** Not reachable, or too slow. */
  | 'BROKER_AWAY'
  /** It answers, and cannot do it yet: loading, electing a leader, changing a group. */
  | 'BROKER_UNREADY'
  /** The topic is not there (yet). */
  | 'TOPIC_MISSING'
  /** The broker has forgotten, or never knew, the sequence of this sender; a new one begins with the next call. */
  | 'SENDER_RESET'
  | 'ACCESS_DENIED'
  /** TLS: one of the two does not believe the other, or only one speaks it. Ends a start; a process that runs goes on asking. */
  | 'TLS_REFUSED'
  | 'LOGIN_FAILED'
  | 'RECORD_TOO_LARGE'
  /** A topic that lets senders pack as they like holds a batch that this client cannot open: `compression.type` is wrong. */
  | 'CODEC_UNKNOWN'
  | 'CLOSED'
  | 'BROKER_ERROR';

const RETRY_AFTER_MS: Partial<Record<BrokerFailureCode, number>> = {
  BROKER_AWAY: 1_000,
  BROKER_UNREADY: 500,
  TOPIC_MISSING: 10_000,
  SENDER_RESET: 0,
  TLS_REFUSED: 10_000,
};

export class BrokerFailure extends DomainError {
  override readonly code: BrokerFailureCode;
  readonly retryable: boolean;
  /** Milliseconds to wait before the next attempt; undefined when there should be none. */
  readonly retryAfterMs: number | undefined;

  constructor(code: BrokerFailureCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(code, message);
    this.name = 'BrokerFailure';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? RETRY_AFTER_MS[code];
    this.retryable = this.retryAfterMs !== undefined;
    if (options.cause !== undefined) this.cause = options.cause;
  }
}

/** By error of the protocol (`type` of kafkajs). */
const BY_TYPE: Readonly<Record<string, BrokerFailureCode>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'TOPIC_MISSING',
  TOPIC_AUTHORIZATION_FAILED: 'ACCESS_DENIED',
  GROUP_AUTHORIZATION_FAILED: 'ACCESS_DENIED',
  CLUSTER_AUTHORIZATION_FAILED: 'ACCESS_DENIED',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'ACCESS_DENIED',
  SASL_AUTHENTICATION_FAILED: 'LOGIN_FAILED',
  UNSUPPORTED_SASL_MECHANISM: 'LOGIN_FAILED',
  MESSAGE_TOO_LARGE: 'RECORD_TOO_LARGE',
  RECORD_LIST_TOO_LARGE: 'RECORD_TOO_LARGE',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'SENDER_RESET',
  DUPLICATE_SEQUENCE_NUMBER: 'SENDER_RESET',
  UNKNOWN_PRODUCER_ID: 'SENDER_RESET',
  INVALID_PRODUCER_EPOCH: 'SENDER_RESET',
  // Codes above 89, which kafkajs does not know; 90 is PRODUCER_FENCED.
  UNKNOWN: 'BROKER_ERROR',
};

/** By class of kafkajs, where the broker said nothing. */
const BY_NAME: Readonly<Record<string, BrokerFailureCode>> = {
  KafkaJSConnectionError: 'BROKER_AWAY',
  KafkaJSConnectionClosedError: 'BROKER_AWAY',
  KafkaJSRequestTimeoutError: 'BROKER_AWAY',
  KafkaJSBrokerNotFound: 'BROKER_AWAY',
  KafkaJSNoBrokerAvailableError: 'BROKER_AWAY',
  KafkaJSMetadataNotLoaded: 'BROKER_UNREADY',
  KafkaJSTopicMetadataNotLoaded: 'TOPIC_MISSING',
  KafkaJSGroupCoordinatorNotFound: 'BROKER_UNREADY',
  KafkaJSNotImplemented: 'CODEC_UNKNOWN',
  KafkaJSTimeout: 'BROKER_AWAY',
  KafkaJSLockTimeout: 'BROKER_AWAY',
};

interface KafkaError {
  readonly code?: unknown;
  readonly name?: string;
  readonly type?: string;
  readonly message?: string;
  readonly retriable?: boolean;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** kafkajs wraps: the error of the protocol may lie several causes deep, or in a list. */
function chainOf(error: unknown): readonly KafkaError[] {
  const chain: KafkaError[] = [];
  for (let link = error as KafkaError | undefined; link && chain.length < 10;) {
    chain.push(link);
    link = (link.cause ?? link.errors?.[0]) as KafkaError | undefined;
  }
  return chain;
}

/** A connection that breaks during the login comes as an authentication error too; a refused login says so in words. */
const codeOfLogin = ({ message = '' }: KafkaError): BrokerFailureCode =>
  /invalid credentials|mechanism|unauthori[sz]ed/i.test(message) ? 'LOGIN_FAILED' : 'BROKER_AWAY';

function codeOf(link: KafkaError): BrokerFailureCode | undefined {
  if (link.type) return BY_TYPE[link.type] ?? (link.retriable ? 'BROKER_UNREADY' : 'BROKER_ERROR');
  if (link.name === 'KafkaJSSASLAuthenticationError') return codeOfLogin(link);
  return BY_NAME[link.name ?? ''];
}

/** kafkajs swallows why: a broker that is not ready and a login that may not use the group look the same. */
const NO_COORDINATOR = 'no coordinator for the group: the broker is not ready, or the login may not use this group';

/** Any error of kafkajs, or of the network below it, as a {@link BrokerFailure}. */
export function classify(error: unknown): BrokerFailure {
  if (error instanceof BrokerFailure) return error;
  const chain = chainOf(error);
  const refused = chain.map(whyRefused).find((why) => why !== undefined);
  if (refused !== undefined) return new BrokerFailure('TLS_REFUSED', `the broker: ${refused}`, { cause: error });
  const last = chain.at(-1);
  const message = last?.name === 'KafkaJSGroupCoordinatorNotFound' ? NO_COORDINATOR : (last?.message ?? String(error));
  // The innermost answer is the broker's own; what lies around it tells only that it was not tried again.
  const code = chain.map(codeOf).findLast((found) => found !== undefined) ?? 'BROKER_ERROR';
  return new BrokerFailure(code, message, { cause: error });
}
