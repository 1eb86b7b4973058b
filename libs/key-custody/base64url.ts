/**
 * base64url (RFC 4648 5, no padding), canonical spelling only: what is refused here cannot be spelled in two
 * ways. The platform's own coding, because openings of 128,000 characters pass here; the kernel's is for rooms without one.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
export const encodeBase64url = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
