/**
 * A PostgreSQL URL over which one knows whom one speaks to, or which plainly says that TLS is off. What lies between
 * (`require`, `prefer`, `verify-ca`, `no-verify`) looks safe and checks less, or falls back: none of it is taken.
 */
import { areOnePair, pemProblem, type PemKind } from './certificate-files.ts';
import { url } from './kinds.ts';
import type { Described, Setting, Wording } from './setting.ts';

const FILES: Readonly<Record<string, PemKind>> = {
  sslrootcert: 'CERTIFICATE',
  sslcert: 'CERTIFICATE',
  sslkey: 'PRIVATE KEY',
};

export const postgresUrl = (described: Described): Setting<string> => {
  const setting = url(described, ['postgres:', 'postgresql:']);
  return {
    ...setting,
    parse: (value) => {
      const reading = setting.parse(value);
      const problem = 'value' in reading ? postgresUrlProblem(value) : undefined;
      return problem ? { problem } : reading;
    },
  };
};

/** @param value a URL */
export function postgresUrlProblem(value: string): Wording | undefined {
  const { searchParams } = new URL(value);
  return modeProblem(searchParams) ?? filesProblem(searchParams);
}

function modeProblem(parameters: URLSearchParams): Wording | undefined {
  const mode = parameters.get('sslmode');
  const others = ['ssl', 'uselibpqcompat'].filter((name) => parameters.has(name));
  const files = Object.keys(FILES).filter((name) => parameters.has(name));
  if (others.length === 0 && (mode === 'verify-full' || (files.length === 0 && (mode === null || mode === 'disable'))))
    return undefined;
  return {
    en: 'takes sslmode=verify-full (the server’s certificate and host name are checked) or sslmode=disable, and names files only with the first',
    vi: 'chỉ nhận sslmode=verify-full (kiểm tra chứng thư và tên máy chủ) hoặc sslmode=disable, và chỉ nêu tệp khi dùng verify-full',
  };
}

function filesProblem(parameters: URLSearchParams): Wording | undefined {
  if (parameters.has('sslcert') !== parameters.has('sslkey'))
    return {
      en: 'names sslcert and sslkey both or not at all',
      vi: 'phải có cả sslcert và sslkey hoặc không có cả hai',
    };
  for (const [name, kind] of Object.entries(FILES)) {
    const path = parameters.get(name);
    const problem = path === null ? undefined : pemProblem(path, kind);
    if (problem) return { en: `${name}: ${problem.en}`, vi: `${name}: ${problem.vi}` };
  }
  const [cert, key] = [parameters.get('sslcert'), parameters.get('sslkey')];
  if (cert === null || key === null || areOnePair(cert, key)) return undefined;
  return { en: 'sslkey is not the key of sslcert', vi: 'sslkey không phải khoá của chứng thư sslcert' };
}
