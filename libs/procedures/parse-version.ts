import type { ReferenceValue } from '#libs/calendar';
import { isProcedureCode } from '#libs/kernel';
import type { ProcedureCode } from '#libs/kernel';
import { readLimit } from './parse-limit.ts';
import { checkRoute } from './parse-route.ts';
import { STANDARD_CASE } from './procedure.ts';
import type { DossierComponent, ProcedureCase, ProcedureVersion, RouteStep } from './procedure.ts';

/** What a route may name. */
export interface Vocabulary {
  readonly roles: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, string>;
}

const LEVELS = ['commune', 'district', 'city'] as const;
const isCaseCode = (text: string): text is string => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);

export function readVersion(item: ReferenceValue, code: ProcedureCode, vocabulary: Vocabulary): ProcedureVersion {
  item.only(
    'version validFrom validTo receivesAt resolvesAt limit limitOnline verification clockRule fee feeOnline feeRule ' +
      'supplementRequest financialObligation components result route onlineLevel interlinkedWith delegatedFrom cases note provenance',
  );
  const version: ProcedureVersion = {
    code,
    version: item.at('version').count(),
    ...readValidity(item),
    receivesAt: item.at('receivesAt').oneOf(LEVELS),
    resolvesAt: item.at('resolvesAt').oneOf(LEVELS),
    cases: readCases(item),
    clockRule:
      item.at('clockRule').oneOf(['restart', 'stopAndSubtract']) === 'restart' ? 'restart' : 'stop-and-subtract',
    financialObligation: item.optional('financialObligation')?.flag() ?? false,
    components: readComponents(item.at('components')),
    result: readResult(item.at('result')),
    route: item
      .at('route')
      .items()
      .map((step) => readStep(step, vocabulary)),
    onlineLevel: item.at('onlineLevel').oneOf(['none', 'partial', 'full']),
    interlinkedWith: item
      .at('interlinkedWith')
      .items()
      .map((other) => other.matching('a procedure code', isProcedureCode)),
    ...readOptional(item),
  };
  checkRoute(item.at('route'), version);
  return version;
}

function readValidity(item: ReferenceValue): Pick<ProcedureVersion, 'validFrom' | 'validTo'> {
  const validFrom = item.at('validFrom').date();
  const validTo = item.optional('validTo')?.date();
  if (validTo !== undefined && validTo <= validFrom) item.refuse('ends before it begins');
  return { validFrom, ...(validTo && { validTo }) };
}

type OptionalMembers = Pick<ProcedureVersion, 'verification' | 'feeRule' | 'delegatedFrom' | 'supplementRequest'>;
function readOptional(item: ReferenceValue): OptionalMembers {
  const verification = item.optional('verification');
  const feeRule = item.optional('feeRule');
  const from = item.optional('delegatedFrom')?.only('level agencyRole basis');
  const supplement = item.optional('supplementRequest')?.only('within citation');
  return {
    ...(supplement && {
      supplementRequest: { within: readLimit(supplement.at('within')), citation: supplement.at('citation').text() },
    }),
    ...(verification && { verification: readLimit(verification) }),
    ...(feeRule && { feeRule: feeRule.text() }),
    ...(from && {
      delegatedFrom: {
        level: from.at('level').oneOf(LEVELS),
        agencyRole: from.at('agencyRole').text(),
        basis: from.at('basis').text(),
      },
    }),
  };
}

/** The limits and fees of the version itself are its standard case; `cases` add others, each whole. */
function readCases(item: ReferenceValue): ReadonlyMap<string, ProcedureCase> {
  const cases = new Map([[STANDARD_CASE, readCase(item, STANDARD_CASE)]]);
  for (const other of item.optional('cases')?.items() ?? []) {
    other.only('code nameVi limit limitOnline fee feeOnline');
    const code = other.at('code').matching('a case code', isCaseCode);
    if (cases.has(code)) other.refuse(`${code} stands twice`);
    cases.set(code, readCase(other, code));
  }
  return cases;
}

function readCase(item: ReferenceValue, code: string): ProcedureCase {
  const limit = readLimit(item.at('limit'));
  const limitOnline = item.optional('limitOnline');
  const fee = item.at('fee').count();
  return {
    code,
    limits: { direct: limit, online: limitOnline ? readLimit(limitOnline) : limit, 'public-post': limit },
    fees: { direct: fee, online: item.optional('feeOnline')?.count() ?? fee, 'public-post': fee },
  };
}

function readComponents(value: ReferenceValue): readonly DossierComponent[] {
  const components = value.items().map((item) => ({
    code: item.only('code nameVi required digitisable').at('code').text(),
    nameVi: item.at('nameVi').text(),
    required: item.at('required').flag(),
    digitisable: item.at('digitisable').flag(),
  }));
  if (components.length === 0) value.refuse('is empty');
  if (new Set(components.map(({ code }) => code)).size < components.length) value.refuse('holds a code twice');
  return components;
}

const readResult = (value: ReferenceValue): ProcedureVersion['result'] => ({
  code: value.only('code kind nameVi').at('code').text(),
  kind: value.at('kind').text(),
  nameVi: value.at('nameVi').text(),
});

function readStep(item: ReferenceValue, { roles, tasks }: Vocabulary): RouteStep {
  item.only('step level role task limit parallelGroup');
  const [role, task] = [item.at('role').text(), item.at('task').text()];
  if (!roles.has(role)) item.refuse(`role ${role} is not known`);
  if (!tasks.has(task)) item.refuse(`task ${task} is not known`);
  const parallelGroup = item.optional('parallelGroup')?.text();
  return {
    step: item.at('step').count(),
    level: item.at('level').oneOf(LEVELS),
    role,
    task,
    limit: readLimit(item.at('limit')),
    ...(parallelGroup && { parallelGroup }),
  };
}
