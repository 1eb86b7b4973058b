/**
 * Names of traces and spans that follow from the messages themselves (ADR 0019). The trace of a dossier is the UUID in its
 * stream's name, so every node, process and restart agrees on it without keeping or sending anything; the span with which a
 * node recorded a message follows from node and hash, so that what a message causes, hours later and in another process,
 * finds its parent. Proved by trace-ids.spec.ts and apps/gateway/tracing/one-trace.int.spec.ts.
 */
import { createHash } from 'node:crypto';

/** `dossier/H26.129.05/<uuid>`, `portal/…` likewise: the mirror of a dossier belongs to its trace. */
const OF_A_DOSSIER = /^(?:dossier|portal)\/[^/]+\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const NOTHING = /^0+$/;

/** Undefined: the stream is no dossier's, or the name is the nil UUID, which W3C Trace Context forbids as a trace id. */
export function traceIdOf(subject: string | undefined): string | undefined {
  const uuid = OF_A_DOSSIER.exec(subject ?? '')?.[1]?.replaceAll('-', '');
  return uuid === undefined || NOTHING.test(uuid) ? undefined : uuid;
}

/** Of the span with which this node recorded the message of this hash. */
export function spanIdOf(node: string, hash: string): string {
  const id = createHash('sha256').update(`lienthong/span/v1\n${node}\n${hash}`).digest('hex').slice(0, 16);
  return NOTHING.test(id) ? '0000000000000001' : id;
}
