import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { joined, type Pieces } from '../../src/serve/pieces.js';
import { firstLine, LineParts, lastLine } from '../../src/serve/spread-body/line-parts.js';

const texts = fc.array(fc.constantFrom('\n', 'a', 'bc', '\r\n'), { maxLength: 60 }).map((all) => all.join(''));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });

/** In pieces of these sizes, in turn. */
function cut(text: string, lengths: readonly number[]): Pieces {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = lengths[i % lengths.length]!;
    pieces.push(Buffer.from(text.slice(at, at + length)));
    at += length;
  }
  return pieces;
}

const textOf = (pieces: Pieces) => Buffer.from(joined(pieces)).toString();

describe('parts of a body', () => {
  it('are whole lines, and all of them, however the body comes and is taken', () => {
    fc.assert(
      fc.property(texts, sizes, sizes, (text, lengths, wanted) => {
        const parts = new LineParts();
        const taken: string[] = [];
        const take = () => {
          for (let i = 0; ; i++) {
            const part = parts.take(wanted[i % wanted.length]!);
            if (!part) return;
            expect(part.every(({ length }) => length > 0)).toBe(true);
            taken.push(textOf(part));
          }
        };

        for (const piece of cut(text, lengths)) {
          parts.add(piece);
          take();
        }
        expect(parts.isDone).toBe(false);
        parts.complete();
        take();

        expect(parts.isDone).toBe(true);
        expect(taken.join('')).toBe(text);
        for (const part of taken.slice(0, -1)) expect(part.endsWith('\n')).toBe(true);
      }),
    );
  });

  it('have as many bytes as are asked for, or end with the last line of a piece', () => {
    const parts = new LineParts();
    for (const text of ['aa\nbb\ncc', '\ndd\nee\nf']) parts.add(Buffer.from(text));

    expect(parts.take(20)).toBeUndefined();
    expect(textOf(parts.take(5)!)).toBe('aa\nbb\n');
    expect(textOf(parts.take(3)!)).toBe('cc\ndd\nee\n');
    expect(parts.take(1)).toBeUndefined();
    parts.complete();
    expect(textOf(parts.take(1)!)).toBe('f');
  });

  it('end where a long line does, none of whose pieces is searched twice', () => {
    const parts = new LineParts();
    const search = vi.spyOn(Buffer.prototype, 'lastIndexOf');
    for (let i = 0; i < 100; i++) {
      parts.add(Buffer.from('aaaa'));
      expect(parts.take(8)).toBeUndefined();
    }
    const searches = search.mock.calls.length;
    search.mockRestore();
    parts.add(Buffer.from('aa\nb'));

    expect(textOf(parts.take(8)!)).toBe(`${'a'.repeat(402)}\n`);
    expect(searches).toBe(99);
  });

  it('that are the last take what would be left alone', () => {
    const parts = new LineParts();
    parts.add(Buffer.from('aa\nbb\ncc\n'));
    parts.complete();

    expect(textOf(parts.take(6)!)).toBe('aa\nbb\ncc\n');
  });
});

describe('lines of a part', () => {
  it('are its first and its last one, in whatever pieces it is', () => {
    fc.assert(
      fc.property(
        texts.filter((text) => text !== ''),
        sizes,
        (text, lengths) => {
          const pieces = cut(text, lengths);
          const lines = text.match(/[^\n]*\n|[^\n]+$/g)!;

          expect(Buffer.from(firstLine(pieces)).toString()).toBe(lines[0]);
          expect(Buffer.from(lastLine(pieces)).toString()).toBe(lines.at(-1));
        },
      ),
    );
  });
});
