import { describe, expect, it } from 'vitest';
import { textFault, textOf } from '../src/index.js';

describe('the text of a file', () => {
  it('is UTF-8, without the byte order mark; a replacement character that is written stays', () => {
    expect(textOf(Buffer.from('\uFEFFä €\n\uFFFD 😀\n'), 'a.md')).toBe('ä €\n\uFFFD 😀\n');
    expect(textOf(Buffer.alloc(0), 'a.md')).toBe('');
  });

  it.each([
    ['Latin-1', Buffer.from('a\nä €\nné'.replace('€', ''), 'latin1'), 2, 'the byte 0xE4'],
    ['Latin-1 after UTF-8', Buffer.from([0xc3, 0xa4, 0x0a, 0x41, 0xe9, 0x0a]), 2, 'the byte 0xE9'],
    ['a character that is cut', Buffer.from('a\n€').subarray(0, 4), 2, 'the byte 0xE2'],
    ['UTF-16', Buffer.from('\uFEFFtitle: x', 'utf16le'), 1, 'the mark of UTF-16'],
    ['UTF-16 without its mark', Buffer.from('title: x', 'utf16le'), 1, 'the byte 0x00'],
  ])('in %s is refused with line and byte', (_, bytes, line, received) => {
    expect(textFault(bytes)).toEqual({
      ...{ line, text: `must be UTF-8; received ${received}. Save the file in that encoding` },
    });
    expect(() => textOf(bytes, 'a.md')).toThrow(`a.md line ${line}: must be UTF-8; received ${received}.`);
  });
});
