/** Files of certificates and keys, looked into at the start: what is wrong with one is said before anything is connected. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Described, Setting, Wording } from './setting.ts';

export type PemKind = 'CERTIFICATE' | 'PRIVATE KEY';

/** What is wrong with the file; undefined: nothing. Never quotes what it holds. */
export function pemProblem(path: string, kind: PemKind, now = Date.now()): Wording | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { en: `${path} cannot be read (${code})`, vi: `không đọc được ${path} (${code})` };
  }
  return kind === 'CERTIFICATE' ? certificateProblem(path, text, now) : keyProblem(path, text);
}

function certificateProblem(path: string, text: string, now: number): Wording | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(text);
    if (Date.parse(validTo) > now && Date.parse(validFrom) <= now) return undefined;
    return {
      en: `${path} is valid from ${validFrom} to ${validTo}, which is not now: replace it`,
      vi: `${path} có hiệu lực từ ${validFrom} đến ${validTo}, hiện không còn hiệu lực: hãy thay`,
    };
  } catch {
    return { en: `${path} holds no certificate in PEM`, vi: `${path} không có chứng thư dạng PEM` };
  }
}

function keyProblem(path: string, text: string): Wording | undefined {
  try {
    createPrivateKey(text);
    return undefined;
  } catch {
    return {
      en: `${path} holds no private key in PEM that opens without a password`,
      vi: `${path} không có khoá riêng dạng PEM không đặt mật khẩu`,
    };
  }
}

/** Has the certificate the public half of this key? Both files are known to hold what they should. */
export const areOnePair = (cert: string, key: string): boolean =>
  new X509Certificate(readFileSync(cert)).checkPrivateKey(createPrivateKey(readFileSync(key)));

/** The path; the file is read again by whoever connects. */
export const pemFile = (described: Described, kind: PemKind): Setting<string> => ({
  ...described,
  secret: false,
  parse: (path) => {
    const problem = pemProblem(path, kind);
    return problem ? { problem } : { value: path };
  },
  print: (path) => path,
});
