import { ReferenceValue } from '#libs/calendar';
import { readLimit } from './parse-limit.ts';
import type { LegalRules, RuleInForce } from './legal-rules.ts';

const FORMAT = 'lienthong/data/rules/v1';
type Read<R extends RuleInForce> = (item: ReferenceValue) => Omit<R, keyof RuleInForce>;

/**
 * Reads the general rules (`reference/rules.json`) strictly.
 * @throws DomainError `REFERENCE_DATA_INVALID` with all problems at once: unknown members, intervals that overlap or are
 * out of order, a rule without a citation.
 */
export function parseRules(json: unknown): LegalRules {
  const root = new ReferenceValue(json).only(
    'format version conventions supplementRequest completeAtReceipt announceEarlyReturn petition erasureAnswer',
  );
  root.at('format').oneOf([FORMAT]);
  const rules: LegalRules = {
    version: root.at('version').text(),
    supplementRequest: readRule(root.at('supplementRequest'), 'within', (item) => ({
      within: readLimit(item.at('within')),
    })),
    completeAtReceipt: readRule(root.at('completeAtReceipt'), '', () => ({})),
    announceEarlyReturn: readRule(root.at('announceEarlyReturn'), '', () => ({})),
    petition: readRule(root.at('petition'), 'refuseWithin askMoreWithin solveWithin publishWithin', (item) => ({
      refuseWithin: readLimit(item.at('refuseWithin')),
      askMoreWithin: readLimit(item.at('askMoreWithin')),
      solveWithin: readLimit(item.at('solveWithin')),
      publishWithin: readLimit(item.at('publishWithin')),
    })),
    erasureAnswer: readRule(root.at('erasureAnswer'), 'hours', (item) => ({ hours: item.at('hours').count() })),
  };
  root.finish('rules');
  return rules;
}

function readRule<R extends RuleInForce>(value: ReferenceValue, members: string, read: Read<R>): readonly R[] {
  const items = value.items();
  const rules = items.map((item) => {
    item.only(`validFrom validTo citation provenance ${members}`);
    const validTo = item.optional('validTo')?.date();
    const interval = { validFrom: item.at('validFrom').date(), ...(validTo && { validTo }) };
    if (validTo !== undefined && validTo <= interval.validFrom) item.refuse('ends before it begins');
    return { ...interval, citation: item.at('citation').text(), ...read(item) } as unknown as R;
  });
  rules.forEach(({ validFrom }, i) => {
    const before = rules[i - 1];
    if (before && (before.validTo === undefined || before.validTo > validFrom))
      items[i]?.refuse('begins before the one before it ends');
  });
  return rules;
}
