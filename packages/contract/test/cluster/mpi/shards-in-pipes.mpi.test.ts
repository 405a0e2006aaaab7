/** Shards that come through FIFOs, of each host its own: the rows are those of one host that has all files. */
import { afterEach, expect, it } from 'vitest';
import { encodeRows } from '../../../src/testing/encode-rows.js';
import { type HostResult, type HostsJob, useHosts } from '../../../src/testing/hosts.js';
import { bundledProgram } from '../../bundled-program.js';
import { fixture } from '../../contract/program.js';

const { train } = useHosts({ afterEach });
const PROGRAM = bundledProgram(fixture('rows.ts'));
type Files = Readonly<Record<string, string | Uint8Array>>;

interface Shards {
  readonly train: readonly Files[];
  readonly validation?: readonly Files[];
  readonly contentType: string;
  readonly sharing?: 'ShardedByS3Key' | 'FullyReplicated';
  readonly hyperparameters?: Readonly<Record<string, string>>;
  readonly wrapper?: 'RecordIO';
}

function jobOf(shards: Shards, mode: 'File' | 'Pipe'): HostsJob {
  const { contentType, sharing = 'ShardedByS3Key', hyperparameters = {}, wrapper = 'None' } = shards;
  const isWrapped = wrapper === 'RecordIO' && mode === 'Pipe';
  const config = {
    ...{ ContentType: contentType, S3DistributionType: sharing, TrainingInputMode: mode },
    RecordWrapperType: isWrapped ? 'RecordIO' : 'None',
  };
  return {
    ...{ program: PROGRAM, hyperparameters },
    inputDataConfig: { train: config, ...(shards.validation && { validation: config }) },
    hosts: shards.train.map((files, rank) => ({
      channels: { train: files, ...(shards.validation && { validation: shards.validation[rank]! }) },
    })),
  };
}

const joined = (parts: readonly Files[]): Files => Object.assign({}, ...parts);

function modelOf(results: readonly HostResult[]): string {
  for (const { exitCode, lines } of results) expect(exitCode, lines.join('\n')).toBe(0);
  return String(results[0]!.model.get('model.json'));
}

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => [(from + i) % 2, 1 + ((from + i) % 3), from + i, (from + i) / 8]);
const text = (table: readonly (readonly number[])[]) =>
  table.map((row) => `${row.join(',')},t${row[2]! % 3}\n`).join('');
const libsvm = (table: readonly (readonly number[])[]) =>
  table.map(([label, weight, a, b]) => `${label}:${weight} ${a! % 5}:${b} 7:1\n`).join('');

it.each<[string, Shards]>([
  [
    'text and weights, one host without rows, and validation rows on one host only',
    {
      train: [{ a: text(rows(40)) }, {}, { b: text(rows(25, 40)), c: text(rows(3, 65)) }],
      validation: [{}, { v: text(rows(9)) }, {}],
      ...{ contentType: 'text/csv', hyperparameters: { csv_weights: '1' } },
    },
  ],
  [
    'header lines of each object',
    {
      train: [{ a: `y,p,q,r,s\n${text(rows(4))}`, b: `y,p,q,r,s\n${text(rows(5))}` }, { c: `s,y,p,q,r\nt1,1,2,3,4\n` }],
      contentType: 'text/csv;header=present',
    },
  ],
  [
    'sparse rows with weights',
    { train: [{ a: libsvm(rows(30)) }, { b: libsvm(rows(30, 9)) }], contentType: 'text/libsvm' },
  ],
  [
    'records',
    {
      train: [rows(8), rows(5, 8)].map((table, rank) => ({
        [`${rank}`]: encodeRows('application/x-recordio-protobuf', table, { isSparse: true }),
      })),
      contentType: 'application/x-recordio-protobuf',
    },
  ],
])('give what files on one host give: %s', async (_, shards) => {
  const one = await train(
    jobOf(
      {
        ...shards,
        train: [joined(shards.train)],
        ...(shards.validation && { validation: [joined(shards.validation)] }),
      },
      'File',
    ),
  );

  expect(modelOf(await train(jobOf(shards, 'Pipe')))).toBe(modelOf(one));
});

it('rows that all hosts get through pipes are each of one host', async () => {
  const files = { a: text(rows(300)), b: text(rows(700, 300)) };
  const shards: Shards = { train: [files, files], contentType: 'text/csv', sharing: 'FullyReplicated' };

  expect(modelOf(await train(jobOf(shards, 'Pipe')))).toBe(
    modelOf(await train(jobOf({ ...shards, train: [files] }, 'File'))),
  );
});

it('a row that is refused ends all hosts with its epoch and line', async () => {
  const shards: Shards = { train: [{ a: '1,2\n0,3\n' }, { b: '1,2\n0,x\n' }], contentType: 'text/csv' };

  const results = await train(jobOf(shards, 'Pipe'));

  for (const { exitCode, failure } of results) {
    expect(exitCode).toBe(1);
    expect(failure).toContain('Host 127.0.0.2 failed: train_0 line 2 column 2: expected a number; received "x".');
  }
});
