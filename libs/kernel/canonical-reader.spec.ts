import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCanonical, decodeCanonicalPart } from './canonical-reader.ts';
import { canonicalize, encodeUtf8 } from './canonical.ts';
import { validateJson } from './canonical-rules.ts';
import { DomainError } from './domain-error.ts';
import type { JsonValue } from './json.ts';

const read = (text: string): ReturnType<typeof decodeCanonical> => decodeCanonical(encodeUtf8(text));
const codeOf = (text: string): string => {
  const outcome = read(text);
  return outcome.ok ? 'ok' : outcome.code;
};
const decomposed = 'Hòa'.normalize('NFD');

describe('bytes of a message', () => {
  it.each([
    ['ok', '{}'],
    ['ok', '{"data":{"note":"a\\nb\\tc \\"q\\" \\\\ud800"}}'],
    ['ok', '{"data":{"10":1,"9":2}}'],
    ['ok', '{"a":9007199254740991,"b":-9007199254740991}'],
    ['ok', '{"data":{"n":"\\n\u0303"}}'],
    ['DEPTH', `{"a":${'['.repeat(16)}`],
    ['NOT_JSON', `{"a":"${'['.repeat(40)}`],
    ['NOT_JSON', ''],
    ['NOT_JSON', '\uFEFF'],
    ['NOT_JSON', '1'],
    ['NOT_JSON', 'null'],
    ['NOT_JSON', '"text"'],
    ['NOT_JSON', '\uFEFF[]'],
    ['NOT_JSON', '\uFEFF\uFEFF{}'],
    ['NOT_JSON', ']]]]'],
    ['NOT_JSON', '{"a":01}'],
    ['NOT_CANONICAL', '\uFEFF{}'],
    ['NOT_CANONICAL', '{} '],
    ['NOT_CANONICAL', '{"data":{"9":2,"10":1}}'],
    ['NOT_CANONICAL', '{"a":1,"a":1}'],
    ['NOT_CANONICAL', '{"a":1e400}'],
    ['NOT_CANONICAL', '{"a":9007199254740993}'],
    ['NOT_CANONICAL', '{"a":"\\u00e9"}'],
    ['NOT_CANONICAL', '{"a":"\\/"}'],
    ['NOT_CANONICAL', '{"a":"\\u000a"}'],
    ['NOT_CANONICAL', '{"\\ud800":1}'],
    ['NOT_CANONICAL', '{"a":"\\ud83d\\ude00"}'],
    ['NOT_CANONICAL', `{"b":"${decomposed}","a":1.5}`],
    ['NOT_NFC', `{"a":1.5,"b":"${decomposed}"}`],
    ['NOT_NFC', `{"${decomposed}":1}`],
    ['NOT_NFC', '{"a":"\uFFFE"}'],
    ['NOT_NFC', '{"a":"\u{105D2}"}'],
    ['NUMBER', '{"a":1.5,"b":null}'],
    ['NUMBER', '{"a":1e+21}'],
    ['NUMBER', '{"a":9007199254740992}'],
    ['NULL', '{"a":null,"b":"\\u0001"}'],
    ['CONTROL_CHARACTER', '{"a":"x\\ny"}'],
    ['CONTROL_CHARACTER', '{"data":"x\\ry"}'],
    ['CONTROL_CHARACTER', '{"data":{"a":"\u007f"}}'],
    ['CONTROL_CHARACTER', '{"data":{"\u0085":1}}'],
    ['CONTROL_CHARACTER', '{"\\n":{}}'],
    ['CONTROL_CHARACTER', '{"more":{"data":"x\\ny"}}'],
  ])('earn %s: %j', (code, text) => expect(codeOf(text)).toBe(code));

  it('count 16 levels from the message object, whatever stands in strings', () => {
    const nested = (levels: number): string => `{"data":${'['.repeat(levels - 1)}"]]["${']'.repeat(levels - 1)}}`;
    expect(codeOf(nested(16))).toBe('ok');
    expect(codeOf(nested(17))).toBe('DEPTH');
  });

  it('may be 131,072, not one more', () => {
    const filled = (size: number): string => `{"a":"${'x'.repeat(size - 8)}"}`;
    expect(codeOf(filled(131_072))).toBe('ok');
    expect(codeOf(filled(131_073))).toBe('TOO_LARGE');
  });

  it('are judged afresh after bytes that were no UTF-8', () => {
    expect(decodeCanonical(new Uint8Array([0x7b, 0x22, 0xe1, 0xbb]))).toEqual({ ok: false, code: 'NOT_UTF8' });
    expect(codeOf('{"a":"ễ"}')).toBe('ok');
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      expect(decodeCanonical(new Uint8Array(bytes))).toEqual({ ok: false, code: 'NOT_UTF8' });
    }
  });

  it('give back what they say even when refused for their content, and nothing when they are not canonical', () => {
    expect(read('{"a":null}')).toEqual({ ok: false, code: 'NULL', value: { a: null } });
    expect(read('{"a": 1}')).toEqual({ ok: false, code: 'NOT_CANONICAL' });
  });

  it('keep __proto__ as a member', () => {
    const outcome = read('{"__proto__":{"polluted":"yes"},"data":{"__proto__":1}}');
    expect(outcome.ok && Object.keys(outcome.value)).toEqual(['__proto__', 'data']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('hostile bytes', () => {
  const SIZE = 131_072;
  const filler = (text: string): Uint8Array => encodeUtf8(text.repeat(Math.ceil(SIZE / text.length)).slice(0, SIZE));
  it.each(['[', '{"a":', '{"', '"', '\\', '[],', '{},', ']', '\u0000', '1', '-', '"\\ud800",', '\uFEFF'])(
    'of %j without end are refused',
    (text) => expect(decodeCanonical(filler(text)).ok).toBe(false),
  );

  it('never throw', () => {
    const shreds = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      'null',
      '1.5',
      '1e400',
      '\\ud800',
      'ễ',
      '\u0301',
      ' ',
    );
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(shreds, { maxLength: 60 }).map((parts) => encodeUtf8(parts.join(''))),
      fc.json({ stringUnit: 'binary' }).map((text) => encodeUtf8(`{"data":${text}}`)),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        expect(typeof decodeCanonical(bytes).ok).toBe('boolean');
        decodeCanonicalPart(bytes, 96_000);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('our own writing', () => {
  it('is accepted by the reader exactly when validateJson lets it pass', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a\u0301', '\n', '\u0001', '\n\u0303', 'ễ'));
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        text,
        fc.integer(),
        fc.double(),
        fc.constant(null as unknown as JsonValue),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (data) => {
        let mayWrite = true;
        try {
          validateJson({ data }, 'message');
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          mayWrite = false;
        }
        if (mayWrite) expect(codeOf(canonicalize({ data }))).toBe('ok');
        else expect(tryRead(data)).not.toBe('ok');
      }),
      { numRuns: 2000 },
    );
  });
});

/** What a receiver says of a value that we would have refused; unwritable ones never reach it. */
function tryRead(data: JsonValue): string {
  try {
    return codeOf(canonicalize({ data }));
  } catch {
    return 'unwritable';
  }
}

describe('canonical JSON beside a message', () => {
  it('may be an array, with lines and tabs, within its size', () => {
    expect(decodeCanonicalPart(encodeUtf8('["a\\nb"]'), 20)).toEqual(['a\nb']);
    expect(decodeCanonicalPart(encodeUtf8('["a\\nb"]'), 7)).toBeUndefined();
    for (const text of ['"a"', '[1.5]', '[null]', '["\\u0001"]', `["${decomposed}"]`, '[ ]']) {
      expect(decodeCanonicalPart(encodeUtf8(text), 20)).toBeUndefined();
    }
  });
});
