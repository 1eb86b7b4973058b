import { ASTERISKS } from './kinds.ts';
import { variableOf } from './setting.ts';
import type { ConfigOf, Schema, Setting } from './setting.ts';

/** One line for each setting as it is in force, for the log at start. Secrets are asterisks, what is not set says so. */
export function describeConfig<S extends Schema>(schema: S, config: ConfigOf<S>): readonly string[] {
  return Object.entries(schema).map(([property, setting]) => {
    const value = config[property as keyof S];
    return `${variableOf(property)}=${value === undefined ? '(not set)' : printed(setting, value)}`;
  });
}

const printed = (setting: Setting<unknown>, value: unknown): string =>
  setting.secret ? ASTERISKS : setting.print(value);

/**
 * Text of `.env.example`: every setting with its purpose in both languages; required ones filled with an example, others
 * commented out with what holds without them.
 */
export function toEnvExample(schema: Schema): string {
  return Object.entries(schema)
    .map(([property, setting]) => exampleOf(variableOf(property), setting))
    .join('\n');
}

function exampleOf(variable: string, { about, example, absent, ...setting }: Setting<unknown>): string {
  const purpose = `# ${about.en}\n# ${about.vi}\n`;
  if (!absent) return `${purpose}# required · bắt buộc\n${variable}=${example}\n`;
  if (absent.value === undefined) return `${purpose}# optional · không bắt buộc\n# ${variable}=${example}\n`;
  return `${purpose}# default · mặc định\n# ${variable}=${setting.print(absent.value)}\n`;
}
