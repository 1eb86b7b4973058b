import {
  judgeUpToSignature,
  type AloneDeps,
  type BorderRecord,
  type PassedAlone,
  type RefusedAlone,
} from '#libs/exchange';
import type { VerifyAllEd25519 } from '#libs/kernel';

/** Stages 1 to 4 of many records; signatures, the dearest part of it, are checked together and beside this thread. */
export async function judgeTogether(
  records: readonly BorderRecord[],
  deps: Omit<AloneDeps, 'verify'>,
  verifyAll: VerifyAllEd25519,
): Promise<readonly (PassedAlone | RefusedAlone)[]> {
  const read = records.map((record) => judgeUpToSignature(record, deps));
  const asked = read.flatMap((one) => ('check' in one ? [one] : []));
  const holds = await verifyAll(asked.map(({ check }) => check));
  const answers = new Map(asked.map((one, at) => [one, holds[at] === true]));
  return read.map((one) => ('check' in one ? one.settle(answers.get(one) === true) : one));
}
