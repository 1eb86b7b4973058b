/** What the stack says to the person who starts it: Vietnamese first, English beside it. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}

/** Receives progress, one sentence at a time; the caller chooses the language and where it is shown. */
export type Say = (message: Bilingual) => void;

export const inBoth = (message: Bilingual): string => `${message.vi}\n${message.en}`;

export type StackErrorCode =
  | 'STACK_IN_USE'
  | 'DATA_DIR_UNUSABLE'
  | 'PORT_IN_USE'
  | 'POSTGRES_MISSING'
  | 'POSTGRES_FAILED'
  | 'JAVA_MISSING'
  | 'MAVEN_MISSING'
  | 'JARS_FAILED'
  | 'KAFKA_FAILED';

/** The start cannot go on; `text` says what to install or which variable to set. */
export class StackError extends Error {
  readonly code: StackErrorCode;
  readonly text: Bilingual;

  constructor(code: StackErrorCode, text: Bilingual, options?: ErrorOptions) {
    super(inBoth(text), options);
    this.name = 'StackError';
    this.code = code;
    this.text = text;
  }
}
