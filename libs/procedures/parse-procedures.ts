import { ReferenceValue } from '#libs/calendar';
import { isProcedureCode } from '#libs/kernel';
import type { ProcedureCode } from '#libs/kernel';
import { parseRules } from './parse-rules.ts';
import { readVersion } from './parse-version.ts';
import type { Vocabulary } from './parse-version.ts';
import type { Procedure, Procedures, ProcedureVersion } from './procedure.ts';

const FORMAT = 'lienthong/data/procedures/v1';

/**
 * Reads the catalogue of procedures (`reference/procedures.json`) and the rules that hold for all of them
 * (`reference/rules.json`) strictly.
 * @throws DomainError `REFERENCE_DATA_INVALID` with all problems at once: unknown members, versions that overlap or leave
 * their numbering, routes that do not begin and end where the dossier is received, steps that take longer than the limit.
 */
export function parseProcedures(json: unknown, rules: unknown): Procedures {
  const root = new ReferenceValue(json).only('format version conventions sources roles tasks procedures');
  root.at('format').oneOf([FORMAT]);
  const roles = readNames(root.at('roles'));
  const tasks = readNames(root.at('tasks'));
  const byCode = new Map<ProcedureCode, Procedure>();
  for (const item of root.at('procedures').items()) {
    const procedure = readProcedure(item, { roles, tasks });
    if (byCode.has(procedure.code)) item.refuse(`${procedure.code} stands twice`);
    byCode.set(procedure.code, procedure);
  }
  checkReferences(root, byCode);
  const version = root.at('version').text();
  root.finish('procedures');
  return { version, byCode, rules: parseRules(rules), roles, tasks };
}

const readNames = (value: ReferenceValue): ReadonlyMap<string, string> =>
  new Map(value.entries().map(([key, name]) => [key, name.text()]));

function readProcedure(item: ReferenceValue, vocabulary: Vocabulary): Procedure {
  item.only('code codeStatus nameVi nameEn field receivesAt resolvesAt supersedes supersededBy provenance versions');
  const code = item.at('code').matching('a procedure code', isProcedureCode);
  const supersededBy = item.optional('supersededBy')?.matching('a procedure code', isProcedureCode);
  const versions = item
    .at('versions')
    .items()
    .map((version) => readVersion(version, code, vocabulary));
  checkVersions(item.at('versions'), versions);
  return {
    code,
    nameVi: item.at('nameVi').text(),
    nameEn: item.at('nameEn').text(),
    field: item.at('field').text(),
    versions,
    ...(supersededBy && { supersededBy }),
  };
}

function checkVersions(value: ReferenceValue, versions: readonly ProcedureVersion[]): void {
  if (versions.length === 0) value.refuse('is empty');
  versions.forEach(({ version, validFrom }, i) => {
    if (version !== i + 1) value.refuse(`version ${version} stands where ${i + 1} belongs`);
    const before = versions[i - 1];
    if (before && (before.validTo === undefined || before.validTo > validFrom))
      value.refuse(`version ${version} begins before version ${before.version} ends`);
  });
}

/** Codes that point to other procedures of the catalogue. */
function checkReferences(root: ReferenceValue, byCode: Procedures['byCode']): void {
  for (const { code, supersededBy, versions } of byCode.values())
    for (const other of [supersededBy, ...versions.flatMap(({ interlinkedWith }) => interlinkedWith)])
      if (other !== undefined && !byCode.has(other)) root.refuse(`${code} names ${other}, which is not here`);
}
