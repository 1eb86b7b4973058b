import type { Command } from '../command.ts';
import { backupCommand, restoreCommand } from './backup.command.ts';
import { brokerCommand } from './broker.command.ts';
import { dossiersCommand } from './dossiers.command.ts';
import { keysCommand } from './keys.command.ts';
import { loopsCommand } from './loops.command.ts';
import { parkCommand } from './park.command.ts';
import { quarantineCommand } from './quarantine.command.ts';
import { redriveCommand } from './redrive.command.ts';
import { recoverCommand } from './recover.command.ts';
import { resetCommand } from './reset.command.ts';
import { showCommand } from './show.command.ts';
import { startCommand } from './start.command.ts';
import { statusCommand } from './status.command.ts';
import { tokenCommand } from './token.command.ts';
import { troubleCommand } from './trouble.command.ts';
import { verifyCommand } from './verify.command.ts';

export const commands: readonly Command[] = [
  startCommand,
  resetCommand,
  showCommand,
  dossiersCommand,
  statusCommand,
  verifyCommand,
  troubleCommand,
  parkCommand,
  backupCommand,
  restoreCommand,
  recoverCommand,
  quarantineCommand,
  redriveCommand,
  loopsCommand,
  keysCommand,
  brokerCommand,
  tokenCommand,
];
