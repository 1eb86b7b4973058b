/**
 * Codes of the log's lines: how loud, what happened, what to do. A code that is not here is logged as a warning all the
 * same; that none is missing, and none without a use, is proved by tools/watching.spec.ts. docs/report-codes.md is made from it.
 */
import type { LogLevel } from './logger.ts';

export interface ReportCode {
  readonly level: Extract<LogLevel, 'fatal' | 'error' | 'warn' | 'info'>;
  readonly means: string;
  readonly todo: string;
}
const NOTHING = 'nothing: it is tried again by itself';
const error = (means: string, todo: string): ReportCode => ({ level: 'error', means, todo });
const warn = (means: string, todo = NOTHING): ReportCode => ({ level: 'warn', means, todo });
const info = (means: string, todo = NOTHING): ReportCode => ({ level: 'info', means, todo });

export const REPORT_CODES: Readonly<Record<string, ReportCode>> = {
  ACCEPTANCE_REFUSED: warn(
    'A dossier that is accepted without a hand could not be accepted; `reason` says why',
    'accept or decline it by hand, or wait for what is missing',
  ),
  ANSWER_NOT_REPEATED: warn('A command came again, and its answer could not be sent again'),
  CHECKPOINT_NOT_PUBLISHED: warn('A checkpoint is signed and kept, and could not be sent to the topic of checkpoints'),
  COMMAND_NOT_LED_ON: warn('A copy of a command that was passed on could not be led after it'),
  COMMAND_NOT_REPEATED: warn('A command without an answer could not be sent again'),
  COMMAND_UNROUTED: warn(
    'The directory names nobody who could decide this command',
    'the registrar has to state who succeeded the agency; until then it is refused when it expires',
  ),
  DISK_FULL: error(
    'A write failed because the disk of the ledger or the vault (`reason`) is full; commands are answered 503',
    'make room; nothing acknowledged is lost, and the node goes on by itself',
  ),
  DISK_HAS_ROOM: info('What could not be written for want of room is written again', 'nothing'),
  DIRECTORY_ALARM: error(
    'A statement of the registrar contradicts what is known; the message says what somebody has to do',
    'do what the message says, with the registrar',
  ),
  DIRECTORY_NOT_RECORDED: warn('A statement of the directory met another writer'),
  DIRECTORY_STATEMENT_REFUSED: warn(
    'A statement is not believed; `stage` and `reason` say why',
    'ask the registrar; with a wrong key, look at `REGISTRAR_KEYS`',
  ),
  EXCHANGE_MALFORMED: warn('An exchange message of a peer does not fit its contract', 'tell the peer’s operator'),
  EXCHANGE_NOT_ANSWERED: warn('What a peer asked for could not be answered now; it asks again'),
  EXCHANGE_NOT_FOR_US: warn(
    'A message between two nodes came that names another receiver',
    'tell the peer’s operator: its topics are mixed up',
  ),
  FOLD_FAILED: error(
    'An entry of the log could not be folded into the lists; its dossier is parked there',
    'keep the line for whoever maintains the program; the dossier itself goes on',
  ),
  FOLD_STOPPED: error('The lists are not followed any more by this process', 'restart it; the cause is in the line'),
  HELD_NOT_JUDGED: error(
    'A held message could not be judged again; the others go on, and it is looked at again ever more rarely',
    'keep the line for whoever maintains the program',
  ),
  INTERNAL: error('A request met an error that nobody foresaw', 'keep the line for whoever maintains the program'),
  JWE_INVALID: warn('Openings came that cannot be opened', 'tell the peer’s operator'),
  JWE_KEY_UNKNOWN: warn(
    'Openings came for an encryption key that this node does not have',
    'a restored key folder: put the newest back; the peer is asked again',
  ),
  LEASE_LOST: info(
    'A relay woke up after another process had gone on in its place; the receiver knows what came twice',
  ),
  LINE_NOT_ASKED: warn('A sender could not be asked for its line now'),
  LOOP_FAILED: warn(
    'A turn of the loop in `follower` failed and is tried again after a pause that grows',
    'once: nothing; again and again: the error in the line says what is missing',
  ),
  LIFE_NOT_PROVED: warn(
    'Nothing beside the database vouches for it, and the broker could not be asked for the node’s own checkpoints',
    'bring the broker back; the node signs nothing until then',
  ),
  MARK_NOT_KEPT: error(
    'The mark beside the keys, by which a restored database is known, could not be written',
    'see that `KEYS_DIR` can be written to',
  ),
  NODE_RECOVERED: info('The node is level with its peers again and has begun its next life', 'nothing'),
  NODE_RECOVERING: error(
    'The database is older than the node’s mark, or another one: the node reads and answers, and signs nothing',
    '`npx lienthong recover` ([backup and restore](guides/backup-and-restore.md#recover))',
  ),
  MAILBOX_GAP: error(
    'The broker does not hold what this node would read next: its data, or the topic, are others than before',
    'see [RestoredOrWiped](guides/watch-a-node.md#lienthongrestoredorwiped)',
  ),
  MAILBOX_TROUBLE: warn(
    'The mailbox cannot be read now, or a batch could not be taken',
    'the broker away: wait; `ACCESS_DENIED`, `LOGIN_FAILED`: rights and password at the broker; `TLS_REFUSED`: [over TLS](guides/run-a-node.md#over-tls)',
  ),
  NOT_JUDGED_AGAIN: warn('What was in quarantine could not be judged again after a change of the directory'),
  OPENINGS_MALFORMED: warn('Openings came that are no openings', 'tell the peer’s operator'),
  OPENINGS_NOT_ASKED: warn('Missing openings could not be asked for now'),
  OPENINGS_REFUSED: warn(
    'A peer does not give the openings that were asked for; `reason` says why',
    'decline the dossier, or have it sent by who may see it',
  ),
  OPENING_REFUSED: warn(
    'A disclosure came whose digest does not stand in the event',
    'tell the peer’s operator: it sends what was not committed to',
  ),
  PEER_KEY_UNKNOWN: warn(
    'The directory has no encryption key of the receiver; it gets the messages without openings',
    'the registrar has to state the key; the peer asks for the openings then',
  ),
  RECEIPT_ABOVE_OWN: error(
    'A peer confirms more than this node says it has sent: this node has been put back to an older state',
    'stop it; see [RestoredOrWiped](guides/watch-a-node.md#lienthongrestoredorwiped)',
  ),
  REDRIVE_FAILED: error(
    'A quarantined message of a redrive could not be judged for a reason of our own; the job goes on with the others',
    'read `error`; `npx lienthong redrive show <JOB>` counts it as failed, and it stays in quarantine',
  ),
  REHOMING_LEFT_TO_A_PERSON: warn(
    'A dossier of an ended agency has no place that follows from the rules alone',
    'the agency named rehomes it by hand',
  ),
  RELAY_FAILED: warn('Nothing could be sent to this receiver; it is tried again after a pause that grows'),
  RESEND_REFUSED: warn('A peer asks for a stream that is none of its business', 'tell the peer’s operator'),
  STOPPED_UNFINISHED: {
    level: 'fatal',
    means: 'The process ended with work unfinished; the lines before name it',
    todo: 'nothing is lost that was acknowledged; find out what was silent',
  },
  STOP_FAILED: warn('A part could not be closed in order', 'nothing, if it is rare'),
  UNFINISHED: error('This part did not end in the time for stopping', 'see `STOPPED_UNFINISHED`'),
  WAITING_FOR: info('A server is not there yet at the start; it is waited for'),
  WORK_FAILED: error(
    'One dossier could not be worked on by an automation; the others were',
    '`subject` or `reason` say which and why; it is looked at again',
  ),
};
