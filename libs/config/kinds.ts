/** The kinds of settings. Each says in both languages what is wrong with a value. */
import type { Described, Reading, Setting, Wording } from './setting.ts';

const problem = (en: string, vi: string): { readonly problem: Wording } => ({ problem: { en, vi } });

/** Text of a grammar; `what` names it in the problem. */
export const text = <T extends string = string>(
  described: Described,
  grammar?: { readonly is: (text: string) => text is T; readonly what: Wording },
): Setting<T> => ({
  ...described,
  secret: false,
  parse: (value) => {
    if (!grammar) return { value: value as T };
    return grammar.is(value) ? { value } : problem(`is not ${grammar.what.en}`, `không phải ${grammar.what.vi}`);
  },
  print: (value) => value,
});

/** Printed as asterisks, however long it is. */
export const secret = (described: Described): Setting<string> => ({
  ...described,
  secret: true,
  parse: (value) => ({ value }),
  print: () => ASTERISKS,
});
export const ASTERISKS = '********';

/** A whole number within bounds, both included. */
export const integer = (described: Described, [min, max]: readonly [number, number]): Setting<number> => ({
  ...described,
  secret: false,
  parse: (value) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return { value: number };
    return problem(`must be a whole number from ${min} to ${max}`, `phải là số nguyên từ ${min} đến ${max}`);
  },
  print: String,
});

export const flag = (described: Described): Setting<boolean> => ({
  ...described,
  secret: false,
  parse: (value) =>
    value === 'true' || value === 'false'
      ? { value: value === 'true' }
      : problem('must be true or false', 'phải là true hoặc false'),
  print: String,
});

/** A URL of one of the schemes (`http:`); what it holds of a password prints as asterisks. */
export const url = (described: Described, schemes: readonly string[]): Setting<string> => ({
  ...described,
  secret: false,
  parse: (value) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol : '';
    if (schemes.includes(scheme)) return { value };
    const wanted = schemes.join(', ');
    return problem(`must be a URL that begins with ${wanted}`, `phải là URL bắt đầu bằng ${wanted}`);
  },
  print: (value) => {
    const shown = new URL(value);
    if (shown.password !== '') shown.password = ASTERISKS;
    for (const name of shown.searchParams.keys())
      if (/pass|secret|token/i.test(name)) shown.searchParams.set(name, ASTERISKS);
    return shown.href;
  },
});

export const oneOf = <T extends string>(described: Described, choices: readonly T[]): Setting<T> => ({
  ...described,
  secret: false,
  parse: (value) => chosen(value, choices),
  print: (value) => value,
});

/** Values divided by commas, each once; blanks around them are nothing. */
export const list = <T extends string>(
  described: Described,
  parseItem: (text: string) => Reading<T>,
): Setting<readonly T[]> => ({
  ...described,
  secret: false,
  parse: (value) => {
    const readings = value.split(',').map((item) => parseItem(item.trim()));
    const wrong = readings.find((reading) => 'problem' in reading);
    if (wrong) return wrong;
    const values = readings.flatMap((reading) => ('value' in reading ? [reading.value] : []));
    return new Set(values).size === values.length
      ? { value: values }
      : problem('names a value twice', 'lặp lại một giá trị');
  },
  print: (values) => values.join(','),
});

export function chosen<T extends string>(value: string, choices: readonly T[]): Reading<T> {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return { value: found };
  const wanted = choices.join(', ');
  return problem(`must be one of ${wanted}`, `phải là một trong ${wanted}`);
}

/** JSON that `read` takes apart further. */
export const json = <T>(described: Described, read: (value: unknown) => Reading<T>): Setting<T> => ({
  ...described,
  secret: false,
  parse: (value) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      return problem('is not JSON', 'không phải JSON');
    }
    return read(parsed);
  },
  print: (value) => JSON.stringify(value),
});
