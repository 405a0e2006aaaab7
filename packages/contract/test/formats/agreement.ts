/** Properties of a reader against the slow, obvious one: any table, any text, cut anywhere. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ValuePolicy } from '../../src/formats/block.js';

/** How a source delivers the text, and how the reader divides the rows. */
export interface Cut {
  readonly pieceBytes: number;
  readonly maxRows: number;
}

const cuts: fc.Arbitrary<Cut> = fc.record({
  pieceBytes: fc.integer({ min: 1, max: 40 }),
  maxRows: fc.integer({ min: 1, max: 5 }),
});

export const policies: fc.Arbitrary<ValuePolicy> = fc.record({
  missingValues: fc.constantFrom('refuse', 'accept'),
  infiniteValues: fc.constantFrom('refuse', 'accept'),
});

export interface Agreement<O> {
  /** What the reader makes of the text, or how it refuses it. */
  readActual(text: string, options: O, cut: Partial<Cut>): Promise<unknown>;
  readReference(text: string, options: O): unknown;
  readonly options: fc.Arbitrary<O>;
}

export function agreementOf<O>({ readActual, readReference, options }: Agreement<O>) {
  const onTexts = (texts: fc.Arbitrary<string>, parameters: { readonly seed: number; readonly numRuns: number }) =>
    fc.assert(
      fc.asyncProperty(texts, options, cuts, async (text, given, cut) => {
        expect(await readActual(text, given, cut)).toStrictEqual(readReference(text, given));
      }),
      parameters,
    );
  return {
    onTexts,

    /** On texts made of these pieces. */
    onPieces: (pieces: readonly string[], parameters: Parameters<typeof onTexts>[1]) =>
      onTexts(
        fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
        parameters,
      ),

    /** On tables in which one character became another text. */
    onChanged: (tables: fc.Arbitrary<string>, texts: readonly string[], parameters: Parameters<typeof onTexts>[1]) => {
      const changed = fc.tuple(tables, fc.nat(), fc.constantFrom(...texts)).map(([text, place, to]) => {
        const index = place % text.length;
        return text.slice(0, index) + to + text.slice(index + 1);
      });
      return onTexts(changed, parameters);
    },

    /** On one text, cut after each number of bytes. @returns what the reference reads */
    async onEveryCut(text: string, given: O): Promise<unknown> {
      const expected = readReference(text, given);
      for (let pieceBytes = 1; pieceBytes <= Buffer.byteLength(text); pieceBytes++) {
        expect(await readActual(text, given, { pieceBytes })).toStrictEqual(expected);
      }
      return expected;
    },
  };
}
