import { DomainError } from '#libs/kernel';
import { variableOf } from './setting.ts';
import type { ConfigOf, Schema, Setting, Wording } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export interface ConfigProblem extends Wording {
  readonly variable: string;
}
export const CONFIG_INVALID = 'CONFIG_INVALID';
/** Variables under this prefix are ours; one that no setting names is a mistake somebody would otherwise search for. */
const OUR_PREFIX = 'LIENTHONG_';

/**
 * Reads the environment once. An empty variable counts as absent. The result is frozen.
 * @throws DomainError `CONFIG_INVALID` with `details.problems`: all of them, in English and Vietnamese; no value of a secret
 */
export function readConfig<S extends Schema>(
  schema: S,
  env: Environment,
  check: (config: ConfigOf<S>) => readonly ConfigProblem[] = () => [],
): ConfigOf<S> {
  const problems: ConfigProblem[] = [];
  const config: Record<string, unknown> = {};
  for (const [property, setting] of Object.entries(schema)) {
    const variable = variableOf(property);
    const reading = readOne(setting, env[variable]);
    if ('problem' in reading) problems.push({ variable, ...reading.problem });
    else config[property] = reading.value;
  }
  problems.push(...unknownVariables(schema, env));
  if (problems.length === 0) problems.push(...check(config as ConfigOf<S>));
  if (problems.length > 0) throw new DomainError(CONFIG_INVALID, messageOf(problems), { problems });
  return freezeDeep(config) as ConfigOf<S>;
}

function readOne(setting: Setting<unknown>, text = ''): ReturnType<Setting<unknown>['parse']> {
  if (text !== '') return setting.parse(text);
  if (setting.absent) return setting.absent;
  const { en, vi } = setting.about;
  return { problem: { en: `is missing: ${en}`, vi: `còn thiếu: ${vi}` } };
}

function unknownVariables(schema: Schema, env: Environment): readonly ConfigProblem[] {
  const known = new Set(Object.keys(schema).map(variableOf));
  return Object.keys(env)
    .filter((variable) => variable.startsWith(OUR_PREFIX) && !known.has(variable))
    .map((variable) => {
      const meant = variable.slice(OUR_PREFIX.length);
      return known.has(meant)
        ? { variable, en: `is not known; ${meant} is meant`, vi: `không có; đúng ra là ${meant}` }
        : { variable, en: 'is not known to this program', vi: 'chương trình này không biết biến này' };
    });
}

function messageOf(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ variable, en, vi }) => `  ${variable} ${en}\n  ${variable} ${vi}`);
  return [`the configuration has ${problems.length} problem(s) · cấu hình có ${problems.length} lỗi:`, ...lines].join(
    '\n',
  );
}

function freezeDeep<T>(value: T): T {
  // bytes cannot be frozen; nobody else holds those that a setting made
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(freezeDeep);
    Object.freeze(value);
  }
  return value;
}
