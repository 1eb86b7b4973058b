/** A row of the table from which the door is built and described: Nest registers it, OpenAPI prints it. */
import type { RefusalCode, Role } from '#libs/dossier';
import type { DoorCode } from '../door-texts.ts';
import type { ParameterName } from './parameters.ts';
import type { SchemaName } from './schemas.ts';

export type MediaType =
  'application/json' | 'application/cloudevents+json' | 'text/plain' | 'text/plain; version=0.0.4';

export interface Answer {
  readonly says: string;
  /** Absent: no body. */
  readonly schema?: SchemaName;
  /** Absent: `application/json`. */
  readonly media?: MediaType;
  readonly headers?: readonly AnswerHeader[];
}
export type AnswerHeader = 'ETag' | 'Location' | 'Preference-Applied' | 'Lt-Correlation-Id';
export type Tag = 'dossiers' | 'commands' | 'lists' | 'operations' | 'node';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** With places as OpenAPI writes them: `/v1/dossiers/{agency}/{id}`. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: { readonly vi: string; readonly en: string };
  readonly description?: string;
  /** `open`: without a token; else one of these roles. */
  readonly access: 'open' | readonly Role[];
  /** Query and header parameters; those of the path are read from it. */
  readonly parameters?: readonly ParameterName[];
  readonly body?: SchemaName;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes of its own; every route with a token may answer those of tokens and of the server too. */
  readonly problems?: readonly (DoorCode | RefusalCode)[];
}
