import 'reflect-metadata';
import { readGatewayConfig } from '#libs/config';
import { DomainError } from '#libs/kernel';
import { runGateway } from './gateway.ts';

/** Exit codes: 0 stopped as asked, 1 failed, 2 wrong configuration. */
try {
  const config = readGatewayConfig(process.env);
  process.exitCode = await runGateway(config);
} catch (error) {
  process.stderr.write(
    `${error instanceof DomainError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = error instanceof DomainError && error.code === 'CONFIG_INVALID' ? 2 : 1;
}
