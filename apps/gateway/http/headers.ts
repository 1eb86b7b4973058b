import type { Response } from 'express';

export const etag = (hash: string): string => `"${hash}"`;

/** The caller's wish to wait was heard (RFC 7240). */
export function setWaited(response: Response): void {
  response.setHeader('Preference-Applied', 'wait');
}

/** Sets the validator of a masked view, and says whether the caller has it already. */
export function isHeld(response: Response, hash: string): boolean {
  response.setHeader('ETag', etag(hash));
  response.setHeader('Cache-Control', 'private, no-cache');
  response.setHeader('Vary', 'Authorization, Lt-Agency');
  const held = (response.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return held.includes('*') || held.includes(etag(hash));
}
