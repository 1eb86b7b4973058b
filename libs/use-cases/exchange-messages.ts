import { sealMessage } from '#libs/exchange';
import {
  nodeSource,
  schemaOf,
  typeOf,
  type JsonObject,
  type NodeId,
  type SealedMessage,
  type Uuid,
} from '#libs/kernel';
import { mailboxOf, type NodeServices } from './node-services.ts';
import type { OutgoingRecord } from './ports/index.ts';

/** A message's name, or that and the request which began it all: the answer then says what it is an answer to. */
export type ExchangeName = string | { readonly name: string; readonly correlationId: Uuid };

/** An exchange message of this node to a peer (wire format 2.2): signed by the node, never recorded, without a number. */
export function sealExchange(
  services: NodeServices,
  receiver: NodeId,
  what: ExchangeName,
  data: JsonObject,
): SealedMessage {
  const { name, correlationId } = typeof what === 'string' ? { name: what } : what;
  const now = services.clock.now();
  const key = services.keys.signingKey(services.node);
  return sealMessage(
    {
      specversion: '1.0',
      profile: 'lt1',
      id: services.ids.uuid7(),
      source: nodeSource(services.node),
      type: typeOf('exchange', name),
      subject: `exchange/${services.node}/${receiver}`,
      time: now,
      recordedtime: now,
      datacontenttype: 'application/json',
      dataschema: schemaOf('exchange', name),
      ...(correlationId !== undefined && { correlationid: correlationId }),
      keyid: key.keyId,
      data,
    },
    (bytes) => key.sign(bytes),
    services.sha256,
  );
}

const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

export function recordOf(key: string, bytes: Uint8Array, hops?: number): OutgoingRecord {
  return {
    key,
    value: bytes,
    headers: { 'content-type': CONTENT_TYPE, ...(hops === undefined ? {} : { 'lt-hops': String(hops) }) },
  };
}

/** Sends one exchange message now. What gets lost the peer asks for again. */
export async function sendExchange(
  services: NodeServices,
  receiver: NodeId,
  what: ExchangeName,
  data: JsonObject,
): Promise<void> {
  const sealed = sealExchange(services, receiver, what, data);
  await services.sender.send(mailboxOf(receiver), [recordOf(services.node, sealed.bytes)]);
}
