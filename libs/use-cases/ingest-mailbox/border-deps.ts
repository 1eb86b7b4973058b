import { findKey } from '#libs/directory';
import type { AloneDeps } from '#libs/exchange';
import type { Hash } from '#libs/kernel';
import type { NodeServices } from '../node-services.ts';

/** What stages 1 to 4 are judged by at this moment. */
export function borderDeps(services: NodeServices): AloneDeps {
  const directory = services.directory();
  return {
    sha256: services.sha256,
    verify: services.verify,
    known: services.contracts.knownTypes(),
    now: services.clock.now(),
    findKey: (kind, keyId) => findKey(directory, kind, keyId),
    isBelieved: (hash: Hash) => services.believed.has(hash),
  };
}
