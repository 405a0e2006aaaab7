import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnsi, plainText } from '../../console/src/text/ansi.js';

const ESC = '\u001B';

describe('a line of a log', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    [`a${ESC}[2Jb${ESC}[1;31mc${ESC}[0md`, 'abcd'],
    [`${ESC}]0;title\u0007x${ESC}]8;;https://evil.example${ESC}\\link`, 'xlink'],
    ['10%\r50%\r100%\r', '100%'],
    ['a\u202Eb\u0000c\u009Bd\te', 'abcd\te'],
    [`cut ${ESC}[`, 'cut '],
  ])('%j is shown as %j', (line, text) => {
    expect(plainText(line).replace(/\[$/, '')).toBe(text);
  });

  it('has its colours as classes, and no others', () => {
    const pieces = parseAnsi(`plain${ESC}[1;91mbad${ESC}[22mless${ESC}[38;5;196;4mx${ESC}[39my${ESC}[mz`);

    expect(pieces).toEqual([
      { text: 'plain', classes: [] },
      { text: 'bad', classes: ['bold', 'bright-red'] },
      { text: 'less', classes: ['bright-red'] },
      { text: 'x', classes: ['bright-red'] },
      { text: 'y', classes: [] },
      { text: 'z', classes: [] },
    ]);
  });

  it('never has control characters left, whatever it was', () => {
    const piece = fc.constantFrom(
      ESC,
      '[',
      ']',
      '0',
      ';',
      '31',
      'm',
      'é',
      '\r',
      '\u0007',
      '\u009B',
      '\u2066',
      '<b>',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece), (parts) => {
        expect(plainText(parts.join(''))).not.toMatch(/(?!\t)\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });
});
