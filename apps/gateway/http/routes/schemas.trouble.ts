/** Schemas of requests and answers about messages in trouble (libs/http-api/trouble.dto.ts and trouble-view.ts). */
import { REDRIVE_LIMITS, STOPPABLE_LOOPS, TROUBLE_KINDS } from '#libs/exchange';
import type { JsonObject } from '#libs/kernel';
import {
  agency,
  boolean,
  CLOSED,
  hash,
  instant,
  integer,
  list,
  message,
  note,
  object,
  oneOf,
  ref,
  string,
  uuid,
} from './schema-words.ts';

const selection = object(
  {
    'kind?': oneOf(...TROUBLE_KINDS),
    'peer?': string,
    'stage?': oneOf('bytes', 'envelope', 'key', 'signature', 'known', 'entitled'),
    'code?': string,
    'source?': string,
    'subject?': string,
    'before?': instant,
  },
  CLOSED,
);
const limited = ({ least, most }: { least: number; most: number }): JsonObject => ({
  ...integer,
  minimum: least,
  maximum: most,
});

const REQUESTS = {
  RecoverBody: object(
    {
      'without?': list(string),
      reason: oneOf('backup-restored', 'database-moved', 'mark-lost', 'peer-does-not-answer', 'other'),
      'note?': note,
    },
    CLOSED,
  ),
  DiscardBody: object(
    { reason: oneOf('not-for-us', 'sender-will-restate', 'forged', 'unreadable', 'other'), 'note?': note },
    CLOSED,
  ),
  RedriveLookBody: object({ 'selection?': selection }, CLOSED),
  RedriveBody: object(
    {
      job: uuid,
      'selection?': selection,
      'batch?': limited(REDRIVE_LIMITS.batch),
      'perMinute?': limited(REDRIVE_LIMITS.perMinute),
      reason: oneOf('directory-corrected', 'configuration-corrected', 'upgraded', 'judged-again', 'other'),
      'note?': note,
    },
    CLOSED,
  ),
  SteerBody: object(
    { reason: oneOf('load', 'mistake', 'cause-found', 'cause-removed', 'done', 'other'), 'note?': note },
    CLOSED,
  ),
  SwitchBody: object(
    {
      loop: oneOf(...STOPPABLE_LOOPS),
      'peer?': string,
      stopped: boolean,
      reason: oneOf('peer-asks', 'peer-faulty', 'load', 'maintenance', 'cause-removed', 'other'),
      'note?': note,
    },
    CLOSED,
  ),
};

const kind = oneOf(...TROUBLE_KINDS);
const stopped = list(object({ loop: string, 'peer?': string, since: instant, by: string, reason: string }));
const oneTry = object({
  job: uuid,
  number: integer,
  became: oneOf('recorded', 'held', 'duplicate', 'answered', 'sent', 'asked', 'applied', 'failed', 'gone'),
  'stage?': string,
  'code?': string,
  'was?': string,
  'subject?': string,
  'hash?': hash,
  triedAt: instant,
});

const ANSWERS = {
  Trouble: object({
    node: string,
    at: instant,
    kinds: list(
      object({
        kind,
        count: integer,
        bytes: integer,
        'oldest?': instant,
        'ageSeconds?': integer,
        'more?': boolean,
        reasons: list(
          object({
            reason: string,
            count: integer,
            bytes: integer,
            oldest: instant,
            ageSeconds: integer,
            'more?': boolean,
            advice: message,
          }),
        ),
      }),
    ),
    stopped,
  }),
  TroublePage: object({
    items: list(
      object({
        kind,
        reason: string,
        since: instant,
        ageSeconds: integer,
        bytes: integer,
        advice: message,
        'subject?': string,
        'source?': string,
        'hash?': hash,
        'number?': integer,
        'line?': integer,
        'stage?': string,
        'peer?': string,
        'waitsFor?': hash,
        'until?': instant,
        'dossier?': object({ unapplied: integer, situation: string, 'dossierCode?': string, 'custodian?': agency }),
      }),
    ),
    'next?': string,
  }),
  Discarded: object({ number: integer, event: hash }),
  Selection: object({ messages: integer, bytes: integer, upTo: integer }),
  Redrive: object({
    job: uuid,
    state: oneOf('running', 'paused', 'cancelled', 'finished'),
    selection,
    messages: integer,
    bytes: integer,
    left: integer,
    batch: integer,
    perMinute: integer,
    agency,
    by: string,
    reason: string,
    startedAt: instant,
    'finishedAt?': instant,
    event: hash,
    progress: object({
      recorded: integer,
      held: integer,
      duplicate: integer,
      answered: integer,
      sent: integer,
      asked: integer,
      applied: integer,
      failed: integer,
      failedAsBefore: integer,
      gone: integer,
    }),
    acts: list(object({ act: string, reason: string, by: string, at: instant })),
  }),
  RedrivePage: object({ items: list(ref('Redrive')), 'next?': uuid }),
  RedriveTries: object({ items: list(oneTry), 'next?': integer }),
  Loops: object({ stopped }),
};

export const TROUBLE_SCHEMAS = { ...REQUESTS, ...ANSWERS };
