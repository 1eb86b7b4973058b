/**
 * A whole ledger read again as a distrustful receiver would: dense log, canonical bytes, hashes, signatures, keys, links,
 * custody, branches, and the tree under every checkpoint kept. Everything is judged by the same functions as at the border,
 * on the set of messages and the directory statements found in the log itself; only the registrar's keys come from outside.
 * What the database keeps beside the bytes (columns, heads, lists of what is superseded) is held against what follows from them.
 *
 * Promise (G8): a changed byte, a missing or inserted entry, a changed head, and a tail rewritten and signed anew below a
 * checkpoint are found. A checkpoint deleted together with the tail it covers is missed only by who holds no copy of it:
 * `checkpoints` takes those that others hold. Proved by `verify-ledger.int.spec.ts`.
 */
import { emptyDirectory, takeStatements } from '#libs/directory';
import type { Subject } from '#libs/kernel';
import { openStored } from '../stored-messages.ts';
import { LedgerReader, type JudgedPage } from './ledger-reader.ts';
import type { Verification, VerifyDeps } from './verification.ts';

const PAGE = 2000;
const HEADS = 500;
const ROUNDS = 20;

/** Reads page by page; what grows with the log in memory is some hundred bytes for each event. */
export async function verifyLedger(deps: VerifyDeps): Promise<Verification> {
  const statements = (await deps.store.readDirectory()).map(openStored);
  const { directory } = takeStatements(emptyDirectory(deps.trusted), statements);
  const { size } = await deps.store.logSize();
  const reader = new LedgerReader(deps, directory, await deps.store.laterLives());
  const checkpoints = await expectedBy(deps, reader);
  let after = -1;
  const judgeNext = async (behind: number): Promise<JudgedPage> =>
    reader.judgePage(await deps.store.readLog(behind, PAGE));
  // The next page is read and its signatures are checked, beside this thread, while a page is entered.
  const readOn = async (): Promise<void> => {
    for (let ahead = judgeNext(after); ;) {
      const page = await ahead;
      if (page.length === 0) return;
      after = (page.at(-1) as JudgedPage[number]).stored.logIndex;
      ahead = judgeNext(after);
      // Told to whoever awaits it; what fails in between must not end the process first.
      ahead.catch(() => undefined);
      await checkpoints.upTo(after + 1);
      reader.enterPage(page);
      deps.onProgress?.(after + 1, size);
    }
  };
  await readOn();
  await compareHeads(deps, reader, readOn);
  await checkpoints.upTo(Number.MAX_SAFE_INTEGER);
  return reader.finish(size);
}

/** A node at work goes on meanwhile: streams that have moved on are compared again once their new events have been read. */
async function compareHeads({ store }: VerifyDeps, reader: LedgerReader, readOn: () => Promise<void>): Promise<void> {
  let open = reader.subjects();
  for (let round = 1; open.length > 0; round++) {
    const movedOn: Subject[] = [];
    for (let at = 0; at < open.length; at += HEADS)
      movedOn.push(...reader.compareHeads(await store.loadGraphs(open.slice(at, at + HEADS)), round < ROUNDS));
    open = movedOn;
    await readOn();
  }
}

/** Hands the reader each checkpoint before the log has grown to its size. */
async function expectedBy(
  { store, checkpoints = [] }: VerifyDeps,
  reader: LedgerReader,
): Promise<{ upTo(size: number): Promise<void> }> {
  for (const found of checkpoints) reader.tree.expect(found);
  let page = await store.readCheckpoints(0, PAGE);
  return {
    async upTo(size) {
      while (page.length > 0) {
        const due = page.filter((found) => found.size <= size);
        for (const found of due) reader.tree.expect(found);
        if (due.length < page.length) {
          page = page.slice(due.length);
          return;
        }
        page = await store.readCheckpoints(page.at(-1)?.size ?? 0, PAGE);
      }
    },
  };
}
