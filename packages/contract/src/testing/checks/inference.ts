/** Checks of inference on rows: that they get the same predictions however they come, and that bad rows are named. */
import assert from 'node:assert/strict';
import type { Algorithm } from '../../algorithm.js';
import type { Invocations, InvokeAnswer, InvokeRequest } from '../invoke.js';
import { type Check, type CheckOptions, type SharedModel, servedBy } from './check.js';
import {
  countRecords,
  hasNames,
  parseRecords,
  parseRows,
  readableOutput,
  requestOf,
  type SampleRows,
  writableInputs,
} from './rows.js';

/** @returns no checks for an algorithm that reads or writes no rows in a format of text */
export function inferenceChecks(
  algorithm: Algorithm,
  { rows: text }: Pick<CheckOptions, 'rows'>,
  model: SharedModel,
): Check[] {
  const inputs = writableInputs(algorithm);
  const accept = readableOutput(algorithm);
  const [input] = inputs;
  if (input === undefined || accept === undefined) return [];
  if (text === undefined)
    throw new Error('checkAlgorithm: the algorithm reads rows, so the option rows must have some.');
  const rows = parseRows(text);
  if (rows.length < 2) throw new Error('checkAlgorithm: the option rows must have two rows or more; received one.');
  // A text in a column of text may be an unseen category, which is predicted.
  const numberColumn = rows[1]!.findIndex((value) => typeof value === 'number');
  const served = servedBy(algorithm, model);
  const ask = (asked: SampleRows, type = input): InvokeRequest => ({ ...requestOf(type, asked), accept });
  const records = async (invoke: Invocations, request: InvokeRequest) => parseRecords(await succeed(invoke, request));
  const missing: SampleRows = [rows[0]!.map((value, column) => (column === 0 ? null : value))];
  // A line that is empty is no row, so CSV cannot say that the only value is missing.
  const missingType = inputs.find((type) => type !== 'text/csv' || rows[0]!.length > 1);

  const optional = Object.entries(algorithm.outputs).flatMap(([name, output]) => (output.optional ? [name] : []));

  const checks: (Check | undefined)[] = [
    {
      title: 'every row gets one record with every output that is always returned',
      run: served(async (invoke) => {
        const found = await records(invoke, ask(rows));
        const required = Object.entries(algorithm.outputs).flatMap(([name, { optional }]) => (optional ? [] : [name]));
        assert.equal(found.length, rows.length);
        for (const record of found) {
          if (!hasNames(accept)) assert.ok(Object.keys(record).length >= required.length, 'a record lacks fields');
          else for (const name of required) assert.ok(name in record, `no ${name} in a record`);
        }
      }),
    },
    {
      title: 'an output that is asked for comes alone, and an unknown one is the caller’s error',
      run: served(async (invoke) => {
        const [name] = Object.keys(algorithm.outputs);
        const only = (output: string | undefined) => ({ ...ask(rows), accept: `${accept};output=${output}` });
        const found = await records(invoke, only(name));
        if (hasNames(accept)) for (const record of found) assert.deepEqual(Object.keys(record), [name]);
        assert.equal((await invoke(only('no_such_output'))).status, 400);
      }),
    },
    optional.length === 0
      ? undefined
      : {
          title: 'every optional output comes when it is asked for, if the model has it',
          run: served(async (invoke) => {
            for (const name of optional) {
              const answer = await invoke({ ...ask(rows), accept: `${accept};output=${name}` });
              // Only a definition that says which outputs a model has may refuse one.
              if (answer.status === 400 && (algorithm.availableOutputs ?? algorithm.modelOutputs)) continue;
              assert.equal(answer.status, 200, `output ${name}: ${answer.body}`);
              assert.equal(parseRecords(answer).length, rows.length, name);
            }
          }),
        },
    {
      title: 'a row gets the same prediction alone, among others and in another order',
      run: served(async (invoke) => {
        const together = await records(invoke, ask(rows));
        const reversed = await records(invoke, ask(rows.toReversed()));
        assert.deepEqual(reversed.toReversed(), together);
        for (const [index, row] of rows.entries()) {
          assert.deepEqual(await records(invoke, ask([row])), [together[index]]);
        }
      }),
    },
    inputs.length < 2
      ? undefined
      : {
          title: 'requests of the same rows get the same predictions in every format of text',
          run: served(async (invoke) => {
            const expected = await records(invoke, ask(rows));
            for (const type of inputs) assert.deepEqual(await records(invoke, ask(rows, type)), expected, type);
          }),
        },
    {
      title: 'every declared response type has one record per row',
      run: served(async (invoke) => {
        for (const type of algorithm.contentTypes.output) {
          const answer = await succeed(invoke, { ...ask(rows), accept: type });
          assert.equal(answer.headers['Content-Type']?.split(';')[0], type.split(';')[0]);
          const count = countRecords(answer);
          if (count !== undefined) assert.equal(count, rows.length, type);
        }
      }),
    },
    accept === 'application/json'
      ? undefined
      : {
          title: 'a batch transform’s answers, one after the other, are the answer to the whole',
          run: served(
            async (invoke) => {
              const whole = await succeed(invoke, ask(rows));
              const parts = await Promise.all(rows.map((row) => succeed(invoke, ask([row]))));
              assert.equal(parts.map(({ body }) => body).join(''), whole.body);
            },
            { SAGEMAKER_BATCH: 'true' },
          ),
        },
    {
      title: 'a row with a column too few is refused, naming the row and both counts',
      run: served(async (invoke) => {
        const [first, second] = [rows[0]!, rows[1]!];
        const wrong = second.length > 1 ? second.slice(0, -1) : [...second, ...second];
        await refused(invoke, ask([first, wrong]), /row 2: expected \d+ columns?.*received \d+/);
      }),
    },
    inputs.includes('text/csv') && numberColumn >= 0
      ? {
          title: 'a text field is refused, naming row, column and value',
          run: served(async (invoke) => {
            const [first, second] = (requestOf('text/csv', rows).body as string).split('\n');
            const body = `${first}\n${second!.split(',').with(numberColumn, 'abc').join(',')}\n`;
            const place = new RegExp(`row 2 column ${numberColumn + 1}: .*"abc"`);
            await refused(invoke, { contentType: 'text/csv', body }, place);
          }),
        }
      : undefined,
    missingType === undefined
      ? undefined
      : {
          title: 'a missing value is predicted or refused as the definition says',
          run: served(async (invoke) => {
            const request = ask(missing, missingType);
            if (algorithm.values.missingValues === 'accept') await succeed(invoke, request);
            else await refused(invoke, request, /row 1 column 1/);
          }),
        },
  ];
  return checks.filter((check) => check !== undefined);
}

// --- internal ---

async function succeed(invoke: Invocations, request: InvokeRequest): Promise<InvokeAnswer> {
  const answer = await invoke(request);
  assert.equal(answer.status, 200, answer.body);
  return answer;
}

async function refused(invoke: Invocations, request: InvokeRequest, message: RegExp): Promise<void> {
  const answer = await invoke(request);
  assert.equal(answer.status, 400, answer.body);
  const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
  assert.match(error.code, /^E_/);
  assert.match(error.message, message);
}
