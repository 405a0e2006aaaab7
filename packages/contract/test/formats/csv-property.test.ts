/** The reader against the slow, obvious one: any table, any text, cut anywhere. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ContractError } from '../../src/errors.js';
import { runs } from '../runs.js';
import { agreementOf, type Cut, policies } from './agreement.js';
import { type ReferenceOptions, type ReferenceResult, readReference } from './csv-reference.js';
import { readTable } from './csv-tables.js';

const options: fc.Arbitrary<ReferenceOptions> = fc.record({
  labelCount: fc.integer({ min: 0, max: 3 }),
  hasWeights: fc.boolean(),
  policy: policies,
});

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });
const decimal = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.oneof(
      digits(1, 18),
      fc.tuple(digits(1, 4), digits(0, 20)).map((parts) => parts.join('.')),
      digits(1, 6).map((text) => `.${text}`),
    ),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      fc.integer({ min: -330, max: 310 }).map((value) => `e${value}`),
    ),
  )
  .map((parts) => parts.join(''));
const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 6, arbitrary: decimal },
  { weight: 1, arbitrary: fc.constantFrom('', 'NaN', 'inf', '-Infinity', 'nan', '+INF') },
);
const blanks = fc.constantFrom('', '', '', ' ', '\t', '  ');
const field = fc
  .tuple(blanks, fc.boolean(), blanks, number, blanks)
  .map(([before, isQuoted, inner, text, after]) => before + (isQuoted ? `"${inner}${text}${inner}"` : text) + after);
const table = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 }))
  .chain(([columns, rows]) =>
    fc.tuple(
      fc.constantFrom('', '\uFEFF'),
      fc.array(fc.tuple(fc.array(field, { minLength: columns, maxLength: columns }), fc.constantFrom('\n', '\r\n')), {
        minLength: rows,
        maxLength: rows,
      }),
      fc.constantFrom('', '\n', ' \r\n\n'),
    ),
  )
  .map(([mark, rows, end]) => mark + rows.map(([fields, lineEnd]) => fields.join(',') + lineEnd).join('') + end);

/** Rows as the reference gives them, or the place of the error. */
async function readActual(
  text: string,
  { labelCount, hasWeights, policy }: ReferenceOptions,
  cut: Partial<Cut>,
): Promise<ReferenceResult> {
  try {
    const read = await readTable(text, { ...cut, labelSize: String(labelCount), hasWeights, policy });
    const rows = read.labels.map((labels, row) => [
      ...labels,
      ...(hasWeights ? [read.weights[row]!] : []),
      ...read.features[row]!,
    ]);
    return { rows };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const place = /^train\/a\.csv line (\d+)(?: column (\d+))?: /.exec(error.message)!;
    const column = place[2] === undefined ? {} : { column: Number(place[2]) };
    return { error: { code: error.code, line: Number(place[1]), ...column } };
  }
}

const agreement = agreementOf({ readActual, readReference, options });

it('the CSV reader agrees with the reference on tables in any valid form', () =>
  agreement.onTexts(table, { seed: 21, numRuns: runs(150, 15000) }));

it('the CSV reader agrees with the reference on any text made of special characters', async () => {
  const pieces = [
    '1',
    '2.5',
    '-3e1',
    '0',
    ',',
    ',',
    ',',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '"',
    '""',
    ' ',
    '\t',
    'nan',
    'inf',
    '.',
    '-',
    '+',
    'e',
    'x',
    '\uFEFF',
    'é',
  ];
  await agreement.onPieces(pieces, { seed: 22, numRuns: runs(200, 15000) });
});

it('the CSV reader agrees with the reference on a table with one character changed', () =>
  agreement.onChanged(table, ['', ',', '\n', '"', ' ', 'x', '-', '\r', '.', '5'], {
    seed: 23,
    numRuns: runs(150, 15000),
  }));

it('the CSV reader reads the same rows wherever the bytes are split', async () => {
  const text = '\uFEFF1.5,-2.25,"3"\r\n 4 ,1234567890.123456789,inf\r\n-7,,1e-5\n8,9,"10"\r\n\r\n';
  const options = {
    labelCount: 1,
    hasWeights: false,
    policy: { missingValues: 'accept', infiniteValues: 'accept' },
  } as const;
  expect(await agreement.onEveryCut(text, options)).toHaveProperty('rows.length', 4);
});
