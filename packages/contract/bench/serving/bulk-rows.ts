/** Much data at a time through 100 trees: a request of 6 MB, and a batch transform of 288 MB as a seller runs it. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternate,
  type BenchContext,
  type Contender,
  type Row,
  regressionTable,
  row,
  runProgram,
  type Sample,
  wrkLoad,
} from '@algo/bench';
import { ourServer, questionOf, start } from './contenders.ts';
import { PEERS, type ServedModel } from './models.ts';

const ROUNDS = 5;
const REQUEST_BYTES = 6e6;
const REQUEST_SECONDS = 2;
const PACKAGES = ['numpy', 'pandas', 'xgboost-cpu'];
const ALGO = join(import.meta.dirname, '..', '..', '..', 'cli', 'bin', 'algo.js');

export async function bulkRows(model: ServedModel, context: BenchContext): Promise<readonly Row[]> {
  const { dataDirectory, progress } = context;
  progress('large files: data');
  const file = regressionTable(dataDirectory, {
    rows: 1_000_000,
    features: model.features,
    seed: 10,
    hasLabel: false,
  });
  readFileSync(file); // into the page cache, so that the first contender does not pay for the disk
  return [await requestRow(model, file, context), ...(await transformRows(model, file, context))];
}

// --- internal ---

async function requestRow(model: ServedModel, file: string, context: BenchContext): Promise<Row> {
  const { python, progress } = context;
  const server = await start(ourServer(model), context);
  try {
    const body = firstLines(file, REQUEST_BYTES);
    const question = await questionOf(server.port, body);
    const script = join(PEERS, 'predict_request.py');
    const args = [model.python!, file, String(body.length)];
    const result = await alternate({
      ours: {
        run: async () => {
          const load = { port: server.port, questions: [question], connections: 1, seconds: REQUEST_SECONDS };
          const { requests, seconds } = await wrkLoad(load);
          return { milliseconds: (1000 * seconds) / requests };
        },
      },
      peers: { python: compared(python.contender(PACKAGES, script, args), () => question.answer) },
      rounds: ROUNDS,
      progress: (line) => progress(`6 MB request: ${line}`),
    });
    return row({
      measure: 'one request of 6 MB, 100 trees',
      unit: 'ms',
      key: 'milliseconds',
      ours: result.ours,
      peer: { name: scriptName(context), outcome: result.peers.python },
      goal: { value: 'ratio', atMost: 0.5 },
      stretch: { value: 'ratio', atMost: 0.25 },
    });
  } finally {
    await server.stop();
  }
}

async function transformRows(model: ServedModel, file: string, context: BenchContext): Promise<readonly Row[]> {
  const { python, workDirectory, progress } = context;
  const output = join(workDirectory, 'transformed');
  const transform = (...options: readonly string[]): Contender => ({
    run: async () => {
      const folders = ['--model', model.folder, '--input', file, '--output', output];
      const args = [ALGO, 'transform', model.algorithm, ...folders, '--content-type', 'text/csv', ...options];
      const { seconds } = await runProgram({ command: process.execPath, args });
      return { wallSeconds: seconds };
    },
  });
  const script = join(PEERS, 'transform_file.py');
  const answers = () => readFileSync(join(output, `${file.slice(file.lastIndexOf('/') + 1)}.out`), 'utf8');
  const peer = python.contender(PACKAGES, script, [model.python!, file, join(workDirectory, 'transformed.csv')]);
  const result = await alternate({
    ours: transform(),
    peers: {
      oneProcess: transform('--env', 'SAGEMAKER_MODEL_SERVER_WORKERS=1'),
      python: compared(peer, answers),
    },
    rounds: ROUNDS,
    progress: (line) => progress(`batch transform: ${line}`),
  });
  const { oneProcess } = result.peers;
  if ('missing' in oneProcess) throw new Error(oneProcess.missing);
  const compare = { unit: 's', key: 'wallSeconds', peer: { name: scriptName(context), outcome: result.peers.python } };
  return [
    row({
      ...compare,
      measure: 'batch transform of 288 MB, 100 trees',
      ours: result.ours,
      goal: { value: 'ratio', atMost: 0.5 },
      stretch: { value: 'ratio', atMost: 0.25 },
    }),
    row({ ...compare, measure: '… by one process', ours: oneProcess.samples }),
  ];
}

function scriptName({ python }: BenchContext): string {
  return `${python.label('pandas')} + ${python.label('xgboost-cpu')}`;
}

/** The script's sums of its predictions must be those of our answers, to the precision of float32 of a mean. */
function compared(peer: Contender, answers: () => string): Contender {
  return {
    ...peer,
    run: async (): Promise<Sample> => {
      const sample = await peer.run();
      const ours = summary(answers().trimEnd().split('\n').map(Number));
      const isSame = (key: 'sum' | 'weightedSum') => Math.abs(ours[key] - sample[key]!) <= 1e-6 * ours.rows;
      if (sample.rows === ours.rows && isSame('sum') && isSame('weightedSum')) return sample;
      throw new Error(`It must predict ${JSON.stringify(ours)}, as we do; received ${JSON.stringify(sample)}`);
    },
  };
}

/** As predictions.py has it: the second sum is another one if predictions change places. */
function summary(predictions: readonly number[]) {
  const sums = { rows: predictions.length, sum: 0, weightedSum: 0 };
  for (const [i, value] of predictions.entries()) {
    sums.sum += value;
    sums.weightedSum += (value * (i % 997)) / 997;
  }
  return sums;
}

/** The whole lines within the first bytes. */
function firstLines(file: string, bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, buffer);
  closeSync(descriptor);
  return buffer.toString('latin1', 0, buffer.lastIndexOf(0x0a) + 1);
}
