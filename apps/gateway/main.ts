import 'reflect-metadata';
import { readGatewayConfig } from '#libs/config';
import { DomainError } from '#libs/kernel';
import { runGateway } from './run-gateway.ts';

/** Exit codes: 0 stopped as asked, 1 failed or ended with work unfinished, 2 wrong configuration. */
try {
  const config = readGatewayConfig(process.env);
  const exitCode = await runGateway(config);
  // What hangs would keep the process alive; after an orderly end nothing does.
  if (exitCode !== 0) process.exit(exitCode);
} catch (error) {
  const text = error instanceof DomainError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  // What was opened before the failure (connections to the broker, say) would keep a process alive that serves nothing.
  process.exit(error instanceof DomainError && error.code === 'CONFIG_INVALID' ? 2 : 1);
}
