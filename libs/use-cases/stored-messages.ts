import { classOfKind, splitType, type Hash, type Message, type SealedMessage } from '#libs/kernel';

/** A message read back from our own ledger or hold: its bytes were judged when they came, so they are parsed and no more. */
export function openStored({ bytes, hash }: { readonly bytes: Uint8Array; readonly hash: Hash }): SealedMessage {
  const message = JSON.parse(new TextDecoder().decode(bytes)) as Message;
  return { class: classOfKind(splitType(message.type)?.kind ?? ''), message, bytes, hash };
}
