/** Checks of inference: that rows get the same predictions however they come, and that bad rows are named. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Algorithm } from '../../algorithm.js';
import { openModel } from '../../model/open.js';
import { type InvokeAnswer, type InvokeRequest, openInvocations } from '../invoke.js';
import { runTraining, type TrainingResult } from '../training.js';
import type { Check, CheckOptions } from './check.js';

type Invoke = (request: InvokeRequest) => Promise<InvokeAnswer>;

export function inferenceChecks(algorithm: Algorithm, { job, rows }: Omit<CheckOptions, 'test'>): Check[] {
  const lines = rows.trimEnd().split(/\r?\n/);
  const values = lines.map((line) => line.split(',').map((field) => (field.trim() === '' ? null : Number(field))));
  const withModel = (run: (trained: TrainingResult) => Promise<void>) => async () => {
    const trained = await runTraining(algorithm, job);
    try {
      assert.equal(trained.exitCode, 0, trained.failure);
      await run(trained);
    } finally {
      trained.root.remove();
    }
  };
  const served = (run: (invoke: Invoke) => Promise<void>) =>
    withModel(async (trained) => run(await openInvocations(algorithm, trained)));
  const records = async (invoke: Invoke, request: InvokeRequest) => parseRecords(await succeed(invoke, request));
  const asJsonLines = (body: string): InvokeRequest => ({ contentType: 'text/csv', accept: JSON_LINES, body });

  return [
    {
      title: 'every row gets one record with every output that is always returned',
      run: served(async (invoke) => {
        const found = await records(invoke, asJsonLines(rows));
        const required = Object.entries(algorithm.outputs).flatMap(([name, { optional }]) => (optional ? [] : [name]));
        assert.equal(found.length, lines.length);
        for (const record of found) for (const name of required) assert.ok(name in record, `no ${name} in a record`);
      }),
    },
    {
      title: 'an output that is asked for comes alone, and an unknown one is the caller’s error',
      run: served(async (invoke) => {
        const [name] = Object.keys(algorithm.outputs);
        const ask = (output: string | undefined) => ({
          ...asJsonLines(rows),
          accept: `${JSON_LINES};output=${output}`,
        });
        for (const record of await records(invoke, ask(name))) assert.deepEqual(Object.keys(record), [name]);
        assert.equal((await invoke(ask('no_such_output'))).status, 400);
      }),
    },
    {
      title: 'a row gets the same prediction alone, among others and in another order',
      run: served(async (invoke) => {
        const together = await records(invoke, asJsonLines(rows));
        const reversed = await records(invoke, asJsonLines([...lines].reverse().join('\n')));
        assert.deepEqual([...reversed].reverse(), together);
        for (const [index, line] of lines.entries()) {
          assert.deepEqual(await records(invoke, asJsonLines(line)), [together[index]]);
        }
      }),
    },
    {
      title: 'CSV, JSON and JSON Lines requests of the same rows get the same predictions',
      run: served(async (invoke) => {
        const instances = values.map((features) => ({ features }));
        const bodies: Record<string, string> = {
          'text/csv': rows,
          'application/json': JSON.stringify({ instances }),
          [JSON_LINES]: instances.map((instance) => JSON.stringify(instance)).join('\n'),
        };
        const expected = await records(invoke, asJsonLines(rows));
        for (const [contentType, body] of Object.entries(bodies)) {
          if (!(algorithm.contentTypes.input as readonly string[]).includes(contentType)) continue;
          assert.deepEqual(await records(invoke, { contentType, accept: JSON_LINES, body }), expected);
        }
      }),
    },
    {
      title: 'every declared answer type can be had, with one record a row',
      run: served(async (invoke) => {
        for (const accept of algorithm.contentTypes.output) {
          const answer = await succeed(invoke, { contentType: 'text/csv', accept, body: rows });
          assert.equal(answer.headers['Content-Type']?.split(';')[0], accept);
          // Bytes do not survive as text: what is in them is checked where they are written.
          if (accept !== RECORDIO) assert.equal(parseRecords(answer).length, lines.length);
        }
      }),
    },
    {
      title: 'a batch transform’s answers, one after the other, are the answer to the whole',
      run: withModel(async (trained) => {
        const invoke = await openInvocations(algorithm, trained, { SAGEMAKER_BATCH: 'true' });
        const request = (body: string): InvokeRequest => ({ contentType: 'text/csv', accept: 'text/csv', body });
        const whole = await succeed(invoke, request(rows));
        const parts = await Promise.all(lines.map((line) => succeed(invoke, request(line))));
        assert.equal(parts.map(({ body }) => body).join(''), whole.body);
      }),
    },
    {
      title: 'a row with a column too few is refused, naming the row and both counts',
      run: served(async (invoke) => {
        const short = values[0]!.length - 1;
        const body = `${lines[0]}\n${lines[1]!.split(',').slice(0, short).join(',')}${short === 0 ? '1,1' : ''}\n`;
        await refused(invoke, { contentType: 'text/csv', body }, /row 2: expected \d+ columns?.*received \d+/);
      }),
    },
    {
      title: 'a text field is refused, naming row, column and value',
      run: served(async (invoke) => {
        const body = `${lines[0]}\n${['abc', ...lines[1]!.split(',').slice(1)].join(',')}\n`;
        await refused(invoke, { contentType: 'text/csv', body }, /row 2 column 1: .*"abc"/);
      }),
    },
    {
      title: 'a missing value is predicted or refused as the definition says',
      run: served(async (invoke) => {
        const features = values[0]!.map((value, index) => (index === 0 ? null : value));
        const request = { contentType: 'application/json', body: JSON.stringify({ instances: [{ features }] }) };
        if (algorithm.values.missingValues === 'accept') await succeed(invoke, request);
        else await refused(invoke, request, /row 1 column 1/);
      }),
    },
    {
      title: 'a content type that is not declared is refused with 415, an answer type with 406',
      run: served(async (invoke) => {
        assert.equal((await invoke({ contentType: 'image/png', body: rows })).status, 415);
        assert.equal((await invoke({ contentType: 'text/csv', accept: 'image/png', body: rows })).status, 406);
      }),
    },
    {
      title: 'a model of another algorithm is refused',
      run: withModel(async ({ root }) => {
        assert.throws(
          () => openModel(root.paths.model, { ...algorithm, name: 'another-one' }),
          /E_MODEL|algorithm must/,
        );
      }),
    },
    {
      title: 'a model whose file was changed is refused, naming the file',
      run: withModel(async (trained) => {
        const [name] = openModel(trained.root.paths.model, algorithm).names;
        writeFileSync(join(trained.root.paths.model, name!), 'damaged');
        await assert.rejects(openInvocations(algorithm, trained), new RegExp(name!.replaceAll('.', '\\.')));
      }),
    },
  ];
}

// --- internal ---

const JSON_LINES = 'application/jsonlines';
const RECORDIO = 'application/x-recordio-protobuf';

async function succeed(invoke: Invoke, request: InvokeRequest): Promise<InvokeAnswer> {
  const answer = await invoke(request);
  assert.equal(answer.status, 200, answer.body);
  return answer;
}

async function refused(invoke: Invoke, request: InvokeRequest, message: RegExp): Promise<void> {
  const answer = await invoke(request);
  assert.equal(answer.status, 400, answer.body);
  const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
  assert.match(error.code, /^E_/);
  assert.match(error.message, message);
}

/** The records of an answer in any of the three formats; a CSV line is its fields. */
function parseRecords({ headers, body }: InvokeAnswer): Record<string, unknown>[] {
  const type = headers['Content-Type']?.split(';')[0];
  if (type === 'application/json') return (JSON.parse(body) as { predictions: Record<string, unknown>[] }).predictions;
  const lines = body.trimEnd().split('\n');
  if (type === 'text/csv') return lines.map((line) => ({ ...line.split(',') }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
