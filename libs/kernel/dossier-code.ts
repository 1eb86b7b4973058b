/**
 * Agency codes of two generations stay in circulation inside dossier codes for ever (domain reference 3.1). A code is kept as
 * it was printed and compared only after conversion: split on dots, reversed, without the trailing groups of zeros.
 */
const OLD_AGENCY = /^(\d{3})\.(\d{2})\.(\d{2})\.([A-Y]\d{2})$/;
const ZEROS = /^0+$/;

/** `000.17.22.H56` gives `H56.22.17`, `000.17.00.H56` gives `H56.00.17`; what is not of the old form comes back as it is. */
export function currentAgencyCode(text: string): string {
  const [, ...groups] = OLD_AGENCY.exec(text) ?? [];
  if (groups.length === 0) return text;
  const levels = groups.toReversed();
  return levels.slice(0, levels.findLastIndex((group) => !ZEROS.test(group)) + 1).join('.');
}

/**
 * A dossier code, or the beginning of one, in the form by which it is compared: `000.17.22.H56-230614-9001` and
 * `H56.22.17-230614-9001` are one code. Any other text (codes of other systems) comes back as it is.
 */
export function comparableCode(text: string): string {
  const dash = text.indexOf('-');
  return dash < 0 ? currentAgencyCode(text) : `${currentAgencyCode(text.slice(0, dash))}${text.slice(dash)}`;
}
