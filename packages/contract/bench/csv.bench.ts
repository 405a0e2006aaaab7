/**
 * CSV to typed columns: how fast `channel.blocks()` turns a large file into typed arrays, beside the CSV readers that data
 * people use.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { alternate, defineBench, makeTrainingTree, regressionTable, row, runNode, type Sample } from '@algo/bench';

const ROWS = 1_000_000;
const FEATURES = 28;
const ROUNDS = 5;

export const bench = defineBench({
  name: 'csv',
  description: 'CSV to typed columns in memory, 1,000,000 rows of 28 features and a label, 287 MB',
  pythonPackages: ['numpy', 'pandas', 'duckdb', 'polars', 'pyarrow'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const seed = 7;
    const file = join(dataDirectory, `regression-${ROWS}x${FEATURES}.csv`);
    regressionTable(file, { rows: ROWS, features: FEATURES, seed });
    const bytes = statSync(file).size;
    readFileSync(file); // into the page cache, so that the first contender does not pay for the disk

    const script = join(import.meta.dirname, 'csv-peers.py');
    const peer = (library: string, element: string) => {
      const contender = python.contender(['numpy', library], script, [library, element, file]);
      return { ...contender, run: async () => throughput(await contender.run(), bytes) };
    };
    const ours = (precision: string) => ({
      run: async () => throughput(await readChannel(file, precision, join(workDirectory, precision)), bytes),
    });

    const doubles = await alternate({
      ours: ours('float64'),
      peers: {
        pandas: peer('pandas', 'float64'),
        duckdb: peer('duckdb', 'float64'),
        polars: peer('polars', 'float64'),
        pyarrow: peer('pyarrow', 'float64'),
        papaparse: { run: async () => throughput(await papaparse(file), bytes) },
      },
      rounds: ROUNDS,
      progress: (line) => progress(`float64, ${line}`),
    });
    const floats = await alternate({
      ours: ours('float32'),
      peers: { pandas: peer('pandas', 'float32') },
      rounds: ROUNDS,
      progress: (line) => progress(`float32, ${line}`),
    });
    const throughputRow = { unit: 'MB/s', key: 'megabytesPerSecond' };
    const label = (library: string) => (library === 'papaparse' ? papaparseLabel() : python.label(library));
    return [
      ...Object.entries(doubles.peers).map(([library, outcome], index) =>
        row({
          ...throughputRow,
          measure: 'read as float64',
          ours: doubles.ours,
          peer: { name: label(library), outcome },
          ...(index === 0 && { goal: { value: 'ours', atLeast: 400 } as const }),
        }),
      ),
      row({
        ...throughputRow,
        measure: 'read as float32',
        ours: floats.ours,
        peer: { name: python.label('pandas'), outcome: floats.peers.pandas },
      }),
      row({
        measure: 'peak memory of the process, float64',
        unit: 'MB',
        key: 'peakMB',
        statistic: 'max',
        ours: doubles.ours,
        peer: { name: python.label('pandas'), outcome: doubles.peers.pandas },
      }),
    ];
  },
});

// --- internal ---

/** One training job that only reads; what it says it took. */
async function readChannel(file: string, precision: string, directory: string): Promise<Sample> {
  const variables = makeTrainingTree({ directory, hyperparameters: { precision }, channels: { train: file } });
  const { peakMB } = await runNode({ args: [join(import.meta.dirname, 'csv-program.ts'), 'train'], variables });
  const text = readFileSync(join(directory, 'output', 'data', 'bench.json'), 'utf8');
  const { seconds, rows } = JSON.parse(text) as { seconds: number; rows: number };
  return { seconds, rows, peakMB };
}

async function papaparse(file: string): Promise<Sample> {
  const { reported, peakMB } = await runNode({ args: [join(import.meta.dirname, 'csv-papaparse.js'), file] });
  return { ...reported, peakMB };
}

function papaparseLabel(): string {
  const { version } = createRequire(import.meta.url)('papaparse/package.json') as { version: string };
  return `papaparse ${version}`;
}

/** @throws Error when rows got lost: a fast wrong answer is no result */
function throughput(sample: Sample, bytes: number): Sample {
  if (sample.rows !== ROWS) throw new Error(`The reader must find ${ROWS} rows; it found ${sample.rows}.`);
  return { ...sample, megabytesPerSecond: bytes / 1e6 / sample.seconds! };
}
