import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { BrokerFailure, classify } from './failure.ts';

const protocol = (type: string, retriable: boolean): Error =>
  Object.assign(new Error(`the broker says ${type}`), { name: 'KafkaJSProtocolError', type, retriable });
/** As kafkajs wraps what it has tried often enough. */
const wrapped = (cause: Error): Error =>
  Object.assign(new Error(cause.message), { name: 'KafkaJSNumberOfRetriesExceeded', retriable: false, cause });

describe('classify', () => {
  it.each([
    ['TOPIC_AUTHORIZATION_FAILED', false, 'ACCESS_DENIED', false],
    ['GROUP_AUTHORIZATION_FAILED', false, 'ACCESS_DENIED', false],
    ['SASL_AUTHENTICATION_FAILED', false, 'LOGIN_FAILED', false],
    ['MESSAGE_TOO_LARGE', false, 'RECORD_TOO_LARGE', false],
    ['UNKNOWN_TOPIC_OR_PARTITION', true, 'TOPIC_MISSING', true],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', false, 'SENDER_RESET', true],
    ['NOT_LEADER_FOR_PARTITION', true, 'BROKER_UNREADY', true],
    ['SOMETHING_NEW', false, 'BROKER_ERROR', false],
  ])('reads %s of the protocol, also when it is wrapped', (type, retriable, code, retryable) => {
    for (const error of [protocol(type, retriable), wrapped(wrapped(protocol(type, retriable)))]) {
      expect(classify(error)).toMatchObject({ code, retryable, message: `the broker says ${type}` });
    }
  });

  it('takes a broken connection for a broker that is away, during the login too', () => {
    expect(classify(new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED'))).toMatchObject({ code: 'BROKER_AWAY' });
    const login = (text: string): Error => Object.assign(new Error(text), { name: 'KafkaJSSASLAuthenticationError' });
    expect(classify(login('SASL SCRAM SHA512 authentication failed: Closed connection'))).toMatchObject({
      code: 'BROKER_AWAY',
    });
    expect(classify(login('… invalid credentials with SASL mechanism SCRAM-SHA-512'))).toMatchObject({
      code: 'LOGIN_FAILED',
    });
  });

  it('tells a batch that is packed in a way the client cannot open from a broker that fails', () => {
    const packed = Object.assign(new Error('Snappy compression not implemented'), { name: 'KafkaJSNotImplemented' });
    expect(classify(wrapped(packed))).toMatchObject({ code: 'CODEC_UNKNOWN', retryable: false });
  });

  it('is permanent and loud about what it does not know', () => {
    for (const error of [new TypeError('x is not a function'), 'a text', undefined]) {
      const failure = classify(error);
      expect(failure).toMatchObject({ code: 'BROKER_ERROR', retryable: false });
      expect(failure.retryAfterMs).toBeUndefined();
    }
  });

  it('leaves a failure as it is', () => {
    const failure = new BrokerFailure('BROKER_AWAY', 'a moment', { retryAfterMs: 7 });
    expect(classify(failure)).toBe(failure);
    expect(failure).toMatchObject({ retryable: true, retryAfterMs: 7 });
  });
});
