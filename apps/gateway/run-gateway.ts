import { randomUUID } from 'node:crypto';
import type { GatewayConfig } from '#libs/config';
import { createLogger, type Logger } from '#libs/observability';
import { openGateway } from './gateway.ts';
import { traceNow } from './tracing/work.ts';

/**
 * Runs until a signal asks it to stop. Gives the exit code: 1 when work in hand could not be finished in time. Asked to
 * stop while it opens (a database is waited for, say), it ends at once: it has acknowledged nothing, and what its roles had
 * begun is done again after a kill, too.
 */
export async function runGateway(config: GatewayConfig): Promise<number> {
  const instanceId = config.instanceId ?? randomUUID();
  const logger = createLogger({ level: config.logLevel, node: config.nodeId, instance: instanceId, traceNow });
  const stopAsked = stopSignal();
  const gateway = await Promise.race([openGateway({ ...config, instanceId }, logger), stopAsked]);
  if (!gateway) {
    logger.info({}, 'stopped before it was open');
    process.exit(0);
  }
  logger.info({ port: gateway.port }, 'listening');
  await stopAsked;
  logger.info({}, 'stopping');
  const unfinished = await gateway.stop();
  if (unfinished.length > 0) reportUnfinished(logger, unfinished);
  return unfinished.length > 0 ? 1 : 0;
}

function reportUnfinished(logger: Logger, unfinished: readonly string[]): void {
  for (const name of unfinished) logger.error({ follower: name, code: 'UNFINISHED' }, 'not finished');
  logger.fatal({ count: unfinished.length, code: 'STOPPED_UNFINISHED' }, 'ended with work unfinished');
}

function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(undefined);
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
  });
}
