/** A process of its own that verifies one ledger, so that its memory can be told: `<database URL> <registrar keys as JSON>`. */
import { verifyPlace } from '../apps/cli/verify/verify-place.ts';

interface Trusted {
  readonly keyId: string;
  readonly publicKey: string;
}
const [databaseUrl = '', keys = '[]'] = process.argv.slice(2);
const trusted = (JSON.parse(keys) as Trusted[]).map(({ keyId, publicKey }) => ({
  keyId,
  publicKey: Buffer.from(publicKey, 'base64url'),
}));
const start = performance.now();
const { messages, faults } = await verifyPlace({ name: 'bench', databaseUrl, trusted });
const ms = performance.now() - start;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const found = {
  messages,
  faults: faults.slice(0, 3),
  ms,
  rssMb: maxRSS / 1024,
  cpuMs: (userCPUTime + systemCPUTime) / 1_000,
};
console.log(JSON.stringify(found));
