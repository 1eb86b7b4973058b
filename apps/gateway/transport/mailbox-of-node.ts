import { groupPrefix, mailboxTopic, type KafkaConnection } from '#libs/messaging-kafka';
import type { LineDesk, NodeServices } from '#libs/use-cases';
import type { MailboxWatch } from '../watching/mailbox-watch.ts';
import { KafkaMailboxStrategy } from './mailbox.strategy.ts';

interface OnTheBroker {
  readonly services: NodeServices;
  readonly connection: KafkaConnection;
}

/** The mailbox of this node, read from where its ledger says. What the broker has lost every sender is asked for. */
export function mailboxOfNode(
  { services, connection }: OnTheBroker,
  lines: LineDesk,
  watch?: Pick<MailboxWatch, 'state'>,
): KafkaMailboxStrategy {
  watch?.state('waiting');
  return new KafkaMailboxStrategy({
    connection,
    topic: mailboxTopic(services.node),
    groupId: `${groupPrefix(services.node)}ingest`,
    onState: (state) => watch?.state(state),
    findOffset: (partition) => services.store.findOffset(partition),
    onGap: async ({ reason, partition }) => {
      services.report({ code: 'MAILBOX_GAP', details: { reason, partition } });
      lines.noteGap();
    },
    onTrouble: (trouble) =>
      services.report({
        code: 'MAILBOX_TROUBLE',
        details:
          trouble.kind === 'broker'
            ? { kind: 'broker', error: trouble.failure }
            : { kind: 'caller', partition: trouble.partition, error: trouble.error },
      }),
  });
}
