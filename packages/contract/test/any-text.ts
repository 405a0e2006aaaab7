/**
 * Texts of any characters. fast-check's unit `binary` makes a table of all of Unicode first, which costs a test run 0.7 s
 * of a processor, and 100 MB from then on.
 */
import fc from 'fast-check';

/** Any character but half of a surrogate pair, which UTF-8 has no bytes for. */
const character = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((point) => String.fromCodePoint(point));

export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: character, maxLength });
}
