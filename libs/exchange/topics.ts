/** Topics by which nodes exchange messages (wire format 5). */
import type { NodeId } from '#libs/kernel';

export const MAILBOX_PREFIX = 'lienthong.mailbox.v1.';
export const DIRECTORY_TOPIC = 'lienthong.directory.v1';
export const CHECKPOINTS_TOPIC = 'lienthong.checkpoints.v1';

/** Any peer writes there, only the owner reads. */
export const mailboxTopic = (node: NodeId): string => `${MAILBOX_PREFIX}${node}`;
