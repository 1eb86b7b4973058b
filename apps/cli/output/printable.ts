/**
 * Text of a stranger for a terminal: what a terminal would obey (escape sequences, direction marks) or not show stands as
 * `\u{1b}`; line feeds and tabs stay.
 */
export const printable = (text: string): string =>
  text.replace(/[^\P{C}\n\t]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
