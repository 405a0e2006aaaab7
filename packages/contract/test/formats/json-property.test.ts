import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber } from '../../src/formats/json/number.js';
import { JsonScanner } from '../../src/formats/json/scanner.js';

const RUNS = { seed: 20261129, numRuns: 3000 };

function isRead(text: string): boolean {
  const scanner = new JsonScanner(Buffer.from(text), () => 'request', 'E_REQUEST_BODY');
  try {
    scanner.skip();
    scanner.finish();
    return true;
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Text with one character put in, taken out or changed. */
const mutated = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom(...'{}[]",:\\0123456789.eE+-tfn u\t\n/\u00a0'), fc.nat(2))
  .map(([text, at, char, kind]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + (kind === 0 ? '' : char) + text.slice(place + (kind === 1 ? 0 : 1));
  });

describe('the JSON scanner', () => {
  it('accepts exactly what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 5 }), mutated), (text) => isRead(text) === isJson(text)),
      RUNS,
    );
  });

  it('reads numbers bit for bit like JSON.parse', () => {
    const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
    const spelled = fc
      .tuple(
        fc.constantFrom('', '-'),
        digits(1, 22),
        fc.option(digits(1, 22)),
        fc.option(fc.integer({ min: -400, max: 400 })),
      )
      .map(([sign, whole, part, exponent]) => {
        const start = whole.replace(/^0+(?=\d)/, '');
        return `${sign}${start}${part === null ? '' : `.${part}`}${exponent === null ? '' : `e${exponent}`}`;
      });
    fc.assert(
      fc.property(fc.oneof(spelled, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)), (text) => {
        const { value, next } = readNumber(Buffer.from(text), 0, text.length);

        expect(next).toBe(text.length);
        expect(value).toBe(JSON.parse(text));
      }),
      { ...RUNS, numRuns: 10_000 },
    );
  });
});
