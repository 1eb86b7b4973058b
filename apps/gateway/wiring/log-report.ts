import { REPORT_CODES, type GatewayMetrics, type LogFields, type Logger } from '#libs/observability';
import type { NodeServices } from '#libs/use-cases';

/** Names in which use cases report, and the fields of the log under which they may stand. */
const FIELD_OF: Readonly<Record<string, keyof LogFields>> = {
  from: 'peer',
  event: 'hash',
  refusal: 'reason',
  alarm: 'reason',
  why: 'reason',
  trouble: 'reason',
  loop: 'follower',
  what: 'follower',
  kind: 'follower',
  name: 'action',
  failures: 'attempt',
};

/**
 * Reports of use cases as lines of the log; what fits no field of it stays out and is counted there. `advice`, a sentence of
 * the program that says what somebody has to do, stands in the message.
 */
export function reportTo(logger: Logger): NodeServices['report'] {
  return ({ code, details = {} }) => {
    const { code: cause, advice, ...rest } = details;
    const message = typeof advice === 'string' ? `${code}: ${advice}` : code;
    const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [FIELD_OF[name] ?? name, value]));
    const { level } = REPORT_CODES[code] ?? { level: 'warn' };
    logger[level]({ ...fields, ...(typeof cause === 'string' ? { reason: cause } : {}), code }, message);
  };
}

/** Also counted, by code. */
export const countedReport =
  (report: NodeServices['report'], metrics: Pick<GatewayMetrics, 'count'>): NodeServices['report'] =>
  (event) => {
    metrics.count('reports_total', { code: event.code });
    report(event);
  };
