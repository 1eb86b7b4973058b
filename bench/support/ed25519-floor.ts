/** How many signatures one thread verifies in a second with nothing but `node:crypto`, over messages of an event's size. */
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';

export function verifyRate(ms = 1_000): number {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const message = randomBytes(1_300);
  const signature = sign(null, message, privateKey);
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < ms) {
    for (let at = 0; at < 100; at += 1) verify(null, message, publicKey, signature);
    done += 100;
  }
  return (done * 1_000) / (performance.now() - start);
}
