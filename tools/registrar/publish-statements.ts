/** From the register to the directory topic. Sending a statement twice does no harm: receivers know it by its hash. */
import { splitSubject } from '#libs/kernel';
import { DIRECTORY_TOPIC } from '#libs/messaging-kafka';
import type { MailboxSender } from '#libs/use-cases';
import { bytesOf, type StatementRegister } from './statement-register.ts';

export interface Publishing {
  readonly sender: Pick<MailboxSender, 'send'>;
  /** Id of the cluster: another one gets everything again. */
  readonly clusterId: string;
  /** The topic holds nothing (it was made anew) and gets everything again. */
  readonly isEmpty?: boolean;
}

/** Sends what this cluster's topic has not acknowledged yet, oldest first; gives how many. Rejects as the sender does. */
export async function publishStatements(
  register: StatementRegister,
  { sender, clusterId, isEmpty = false }: Publishing,
): Promise<number> {
  const due = register.signed.filter(({ publishedTo }) => isEmpty || publishedTo !== clusterId);
  if (due.length === 0) return 0;
  const records = due.map((signed) => ({ key: splitSubject(signed.subject).name, value: bytesOf(signed) }));
  await sender.send(DIRECTORY_TOPIC, records);
  register.markPublished(new Set(due.map(({ subject }) => subject)), clusterId);
  return due.length;
}
