import { describe, expect, it } from '@jest/globals';
import { printable } from './printable.ts';

describe('the text of a stranger', () => {
  it('does nothing to the terminal that shows it', () => {
    expect(printable('a\u001b]0;owned\u0007b\r\u009bc')).toBe('a\\u{1b}]0;owned\\u{7}b\\u{d}\\u{9b}c');
    expect(printable('\u202egnihton\u200b\ud800')).toBe('\\u{202e}gnihton\\u{200b}\\u{d800}');
  });

  it('is otherwise as it was', () => {
    const text = '{"name":"Nguyễn Văn Ánh"}\n\t日本 😀';
    expect(printable(text)).toBe(text);
  });
});
