/**
 * The one error of the domain: a stable code, a sentence for people who read logs, details without personal data.
 * Translation to HTTP status, exit code or quarantine reason happens once, at the edge.
 */
export class DomainError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.details = details;
  }
}
