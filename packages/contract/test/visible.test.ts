import { describe, expect, it } from 'vitest';
import { quoted, shortened, visible } from '../src/visible.js';

describe('text from outside', () => {
  it.each([
    ['\uFEFF3', '\\ufeff3'],
    ['-\uFEFF42', '-\\ufeff42'],
    ['1\u00a0234', '1\\u00a0234'],
    ['1\u200b2\u200c\u200d\u2060', '1\\u200b2\\u200c\\u200d\\u2060'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
    ['a\u2028b\u2029c\u0085', 'a\\u2028b\\u2029c\\u0085'],
    ['\u202egpj.exe\u2066\u200f', '\\u202egpj.exe\\u2066\\u200f'],
    ['a\u00adb\u180e\u3164\u2800\ufe0f', 'a\\u00adb\\u180e\\u3164\\u2800\\ufe0f'],
    ['\ud800x', '\\ud800x'],
    ['\u{e0041}\u3000', '\\u{e0041}\\u3000'],
    ['naïve Ünï 漢字 🙂', 'naïve Ünï 漢字 🙂'],
    ['plain text: "1,5" \\n', 'plain text: "1,5" \\n'],
  ])('has invisible characters escaped: %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('is truncated by characters, and quoted as a JSON string', () => {
    expect(quoted('a"b\\c\n')).toBe('"a\\"b\\\\c\\n"');
    expect(quoted('🙂'.repeat(50))).toBe(`"${'🙂'.repeat(39)}…"`);
    expect(shortened('x'.repeat(90))).toBe(`${'x'.repeat(80)}…`);
    expect(shortened('a\u0000b')).toBe('a\\u0000b');
  });
});
