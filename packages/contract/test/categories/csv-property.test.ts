/** Any texts, written as CSV in any way, come back as they were. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMissingText } from '../../src/formats/categories/missing.js';
import { createSurvey } from '../../src/formats/categories/survey.js';
import { knownTextColumns } from '../../src/formats/categories/text-columns.js';
import { csvReader } from '../../src/formats/csv/reader.js';
import { sourceOf } from '../formats/csv-tables.js';
import { runs } from '../runs.js';
import { TEXT } from './channels.js';

const LETTERS = ['a', 'b', 'é', '漢', '😀', ' ', '\t', '"', ',', ';', '|', '.', '-', '1', 'NA', 'x'.repeat(33)];
const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 4 }).map((letters) => letters.join(''));

/** A field that says `value`, quoted where it must be or may be. */
function written(value: string, delimiter: string, isQuoted: boolean): string {
  const must = value.includes(delimiter) || value.startsWith('"') || /^[ \t]|[ \t]$/.test(value) || value === '';
  return must || isQuoted ? `"${value.replaceAll('"', '""')}"` : value;
}

const table = fc.record({
  rows: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 30 }),
  delimiter: fc.constantFrom(',', ';', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isQuoted: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  pieceBytes: fc.constantFrom(1, 7, 1000),
});

it('gives back any texts that are written as CSV, whatever the quotes, the delimiter and the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ rows, delimiter, lineEnd, isQuoted, pieceBytes }) => {
      // A first line without the delimiter of commas says which it is; all fields of it are quoted.
      const lines = rows.map((row, at) =>
        ['0', ...row]
          .map((value, column) => written(value, delimiter, at === 0 || isQuoted[(at + column) % isQuoted.length]!))
          .join(delimiter),
      );
      const source = () => sourceOf('a.csv', lines.join(lineEnd), pieceBytes);
      const settings = { contentType: { type: 'text/csv', parameters: {} }, policy: TEXT };
      const survey = createSurvey(['2', '3']);
      for await (const _ of csvReader.read([source()], { ...settings, texts: survey }));
      const categories = survey.finish()!;
      const read: (string | null)[][] = [];
      for await (const block of csvReader.read([source()], {
        ...settings,
        texts: knownTextColumns(categories, 'error'),
      })) {
        if (!('features' in block)) continue;
        for (let at = 0; at < block.features.length; at += 2) {
          read.push([0, 1].map((column) => categories.features[column]![block.features[at + column]!] ?? null));
        }
      }
      expect(read).toEqual(rows.map((row) => row.map((value) => (isMissingText(value) ? null : value))));
    }),
    { numRuns: runs(150, 10_000) },
  );
});
