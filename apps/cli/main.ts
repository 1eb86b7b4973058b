import { commands } from './commands/index.ts';
import { processIo } from './output/process-io.ts';
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(commands, process.argv.slice(2), processIo());
