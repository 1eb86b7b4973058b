import { DomainError } from '#libs/kernel';

/**
 * An event that the situation does not provide for. It stays recorded; the dossier's fold is parked `NOT_UNDERSTOOD` until
 * a program that understands it comes (wire format 6, stage 8).
 */
export class NotUnderstood extends DomainError {
  constructor(type: string, situation: string) {
    super('NOT_UNDERSTOOD', `${situation} does not provide for ${type}`, { type, situation });
    this.name = 'NotUnderstood';
  }
}
