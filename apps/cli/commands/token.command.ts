import { ROLES, type Role } from '#libs/dossier';
import { isAgencyCode, type AgencyCode } from '#libs/kernel';
import { issueToken } from '#tools/embedded';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failures.ts';
import { printResult } from '../output/io.ts';
import { DATA_DIR, getStack } from '../reach/reach-nodes.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const PSEUDONYM = /^[A-Za-z0-9._-]{1,64}$/;

export const tokenCommand: Command = {
  name: 'token',
  usage: '--role ROLE --agency AGENCY [--subject NAME] [--ttl 8h]',
  summary: {
    vi: 'Cấp thẻ truy cập của bộ chạy thử cho một vai trò và cơ quan',
    en: 'Issues a bearer token of the embedded stack for a role and an agency',
  },
  options: {
    ...DATA_DIR,
    role: {
      type: 'string',
      multiple: true,
      value: 'ROLE',
      about: { vi: `Vai trò: ${ROLES.join(', ')}`, en: 'Role; several divided by commas' },
    },
    agency: {
      type: 'string',
      multiple: true,
      value: 'CODE',
      about: { vi: 'Mã cơ quan, nhiều mã cách nhau bằng dấu phẩy', en: 'Agency code; several divided by commas' },
    },
    subject: { type: 'string', value: 'NAME', about: { vi: 'Bí danh người dùng', en: 'Pseudonym of the user' } },
    ttl: {
      type: 'string',
      value: '8h',
      about: { vi: 'Thời hạn (s, m, h, d)', en: 'How long it is good (s, m, h, d)' },
    },
  },
  async run(given, io) {
    const wanted = { roles: rolesIn(given.list('role')), agencies: agenciesIn(given.list('agency')) };
    const subject = subjectIn(given.find('subject'));
    const ttlSeconds = secondsIn(given.find('ttl') ?? '8h');
    const { folder } = getStack(given);
    const token = await issueToken(folder, { ...wanted, ttlSeconds, ...(subject !== undefined && { subject }) });
    printResult(io, given.has('json'), { token, ...wanted, ttlSeconds }, () => token);
    return EXIT.ok;
  },
};

function rolesIn(names: readonly string[]): readonly Role[] {
  const roles = ROLES.filter((role) => names.includes(role));
  if (roles.length > 0 && roles.length === new Set(names).size) return roles;
  throw new UsageError(`--role: ${ROLES.join(', ')}`);
}

function agenciesIn(codes: readonly string[]): readonly AgencyCode[] {
  const agencies = codes.filter(isAgencyCode);
  if (agencies.length > 0 && agencies.length === codes.length) return agencies;
  throw new UsageError('--agency: mã định danh cơ quan, ví dụ · agency codes, e.g. H26.129.05');
}

function subjectIn(subject: string | undefined): string | undefined {
  if (subject === undefined || PSEUDONYM.test(subject)) return subject;
  throw new UsageError('--subject: 1–64 chữ cái, chữ số, . _ - · letters, digits, . _ -');
}

/** `90m` gives 5400. */
export function secondsIn(text: string): number {
  const [, digits = '', unit = 's'] = /^(\d{1,6})([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNITS[unit === '' ? 's' : unit] ?? 0);
  if (digits !== '' && seconds > 0) return seconds;
  throw new UsageError('--ttl: ví dụ · e.g. 30m, 8h');
}
