/** The libsvm reader against the slow, obvious one: any rows, any text, cut anywhere. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ContractError } from '../../src/errors.js';
import { runs } from '../runs.js';
import { agreementOf, type Cut, policies } from './agreement.js';
import { type ReferenceOptions, type ReferenceResult, readReference } from './libsvm-reference.js';
import { readTable } from './libsvm-tables.js';

const options: fc.Arbitrary<ReferenceOptions> = fc.record(
  { indexBase: fc.constantFrom(0, 1), policy: policies, featureCount: fc.integer({ min: 1, max: 300 }) },
  { requiredKeys: ['indexBase', 'policy'] },
);

const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 3, arbitrary: fc.integer({ min: -99, max: 99 }).map((value) => String(value / 10)) },
  { weight: 1, arbitrary: fc.constantFrom('NaN', 'inf', '-Infinity', '+1', '1e5', '.5', '7.') },
);
const blank = fc.constantFrom(' ', ' ', ' ', '\t', '  ');
const entries = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 200 }), number), { selector: ([index]) => index, maxLength: 8 })
  .chain((list) => fc.boolean().map((isSorted) => (isSorted ? [...list].sort(([a], [b]) => a - b) : list)));
const row = fc.record({
  label: fc.constantFrom('0', '1', '-2.5', '3e2'),
  weight: fc.constantFrom('1', '0.25', '2'),
  query: fc.nat({ max: 5 }),
  entries,
  blank,
  end: fc.constantFrom('\n', '\n', '\r\n', ' \n', ' # note\n', '#x:y\r\n'),
  before: fc.constantFrom('', '', '', '', '# comment\n', ' '),
});
const table = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.boolean(),
    fc.boolean(),
    fc.array(row, { minLength: 1, maxLength: 12 }),
    fc.constantFrom('', '\n', ' \r\n\n'),
  )
  .map(([mark, hasWeights, hasQueries, rows, end]) => {
    const lines = rows.map((row) => {
      const head = row.label + (hasWeights ? `:${row.weight}` : '');
      const tokens = [
        head,
        ...(hasQueries ? [`qid:${row.query}`] : []),
        ...row.entries.map(([index, value]) => `${index}:${value}`),
      ];
      return row.before + tokens.join(row.blank) + row.end;
    });
    return mark + lines.join('') + end;
  });

async function readActual(text: string, options: ReferenceOptions, cut: Partial<Cut>): Promise<ReferenceResult> {
  try {
    return { rows: (await readTable(text, { ...cut, ...options })).rows };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const place = /^train\/a\.libsvm line (\d+)/.exec(error.message)!;
    return { error: { code: error.code, line: Number(place[1]) } };
  }
}

const agreement = agreementOf({ readActual, readReference, options });

it('the libsvm reader agrees with the reference on rows in any valid form', () =>
  agreement.onTexts(table, { seed: 31, numRuns: runs(150, 15000) }));

it('the libsvm reader agrees with the reference on any text made of special characters', async () => {
  const pieces = [
    ...['1', '2.5', '-3e1', '0', '17', ' ', ' ', ' ', ' ', ':', ':', '1:2', '3:4', '2:1', 'qid:3', 'qid:', '\n', '\n'],
    ...['\r\n', '\r', '#', '\t', 'nan', 'inf', '.', '-', '+', 'x', '\uFEFF', 'é', '99999999999', ','],
  ];
  await agreement.onPieces(pieces, { seed: 32, numRuns: runs(200, 15000) });
});

it('the libsvm reader agrees with the reference on rows with one character changed', () =>
  agreement.onChanged(table, ['', ':', '\n', '#', ' ', 'x', '-', '\r', '.', '5', 'qid:'], {
    seed: 33,
    numRuns: runs(150, 25000),
  }));

it('the libsvm reader reads the same rows wherever the bytes are split', async () => {
  const text =
    '\uFEFF# head\n1:0.5 qid:1 3:2.25 0:-1e-3 # x\r\n0:2 qid:1\n-1:1 qid:12 7:12345678.123456789 9:inf\n\r\n';
  const options = { indexBase: 0, policy: { missingValues: 'accept', infiniteValues: 'accept' } } as const;
  expect(await agreement.onEveryCut(text, options)).toHaveProperty('rows.length', 3);
});
