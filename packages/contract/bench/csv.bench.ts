/**
 * CSV to typed columns: how fast `channel.blocks()` turns a large file into typed arrays, compared with the usual CSV
 * readers. The main file has six decimals per number; a second one has every digit of a double, the slow case of a
 * parser that must be right to the last bit (pandas and DuckDB are allowed to be off by some in their default
 * settings).
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  alternate,
  type Contender,
  defineBench,
  type PythonEnvironment,
  type RegressionTable,
  regressionTable,
  row,
  runNode,
  type Sample,
} from '@algo/bench';
import { readChannel } from './read-channel.ts';
import { textTable } from './text-table.ts';

const ROUNDS = 5;
const MAIN_TABLE: RegressionTable = { rows: 1_000_000, features: 28, seed: 7 };
const TEXT_TABLE = { rows: 1_000_000, seed: 7 };
const ALL_DIGITS_TABLE: RegressionTable = { rows: 200_000, features: 28, seed: 7, decimals: 'all' };

type Precision = 'float64' | 'float32';

export const bench = defineBench({
  name: 'csv',
  description: 'CSV to typed columns in memory, 1,000,000 rows of 28 features and a label, 287 MB',
  pythonPackages: ['numpy', 'pandas', 'duckdb', 'polars', 'pyarrow'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const main = contenders(python, workDirectory, regressionTable(dataDirectory, MAIN_TABLE), MAIN_TABLE.rows);
    const digitsFile = regressionTable(dataDirectory, ALL_DIGITS_TABLE);
    const allDigits = contenders(python, workDirectory, digitsFile, ALL_DIGITS_TABLE.rows);
    const text = contenders(python, workDirectory, textTable(dataDirectory, TEXT_TABLE), TEXT_TABLE.rows);
    const doubles = await alternate({
      ours: main.ours('float64'),
      peers: {
        pandas: main.python('pandas', 'float64'),
        duckdb: main.python('duckdb', 'float64'),
        polars: main.python('polars', 'float64'),
        pyarrow: main.python('pyarrow', 'float64'),
        papaparse: main.papaparse(),
      },
      rounds: ROUNDS,
      progress: (line) => progress(`float64, ${line}`),
    });
    const floats = await alternate({
      ours: main.ours('float32'),
      peers: { pandas: main.python('pandas', 'float32') },
      rounds: ROUNDS,
      progress: (line) => progress(`float32, ${line}`),
    });
    const digits = await alternate({
      ours: allDigits.ours('float64'),
      peers: { pandas: allDigits.python('pandas', 'float64'), polars: allDigits.python('polars', 'float64') },
      rounds: ROUNDS,
      progress: (line) => progress(`all digits, ${line}`),
    });

    const texts = await alternate({
      ours: text.ours('float32'),
      peers: { pandas: text.python('pandas', 'text') },
      rounds: ROUNDS,
      progress: (line) => progress(`text, ${line}`),
    });

    const throughput = { unit: 'MB/s', key: 'megabytesPerSecond' };
    const label = (library: string) => (library === 'papaparse' ? papaparseLabel() : python.label(library));
    const pandas = python.label('pandas');
    return [
      ...Object.entries(doubles.peers).map(([library, outcome], index) =>
        row({
          ...throughput,
          measure: 'read as float64',
          ours: doubles.ours,
          peer: { name: label(library), outcome },
          ...(index === 0 && { goal: { value: 'ours', atLeast: 400 } as const }),
        }),
      ),
      row({
        ...throughput,
        measure: 'read as float32',
        ours: floats.ours,
        peer: { name: pandas, outcome: floats.peers.pandas },
      }),
      ...Object.entries(digits.peers).map(([library, outcome]) =>
        row({
          ...throughput,
          measure: 'read as float64, 15 to 17 digits',
          ours: digits.ours,
          peer: { name: label(library), outcome },
          ...(library === 'pandas' && { goal: { value: 'ratio', atLeast: 1.3 } as const }),
        }),
      ),
      row({
        ...throughput,
        measure: 'read six columns of text as categories',
        ours: texts.ours,
        peer: { name: pandas, outcome: texts.peers.pandas },
      }),
      row({
        measure: 'peak memory, float64',
        unit: 'MB',
        key: 'peakMB',
        statistic: 'max',
        ours: doubles.ours,
        peer: { name: pandas, outcome: doubles.peers.pandas },
      }),
    ];
  },
});

// --- internal ---

/** The ways to read one table; the file is made and read once, so that the first contender does not pay for the disk. */
function contenders(python: PythonEnvironment, workDirectory: string, file: string, rows: number) {
  readFileSync(file);
  const bytes = statSync(file).size;
  /** @throws Error when rows got lost: a fast wrong answer is no result */
  const throughput = (sample: Sample): Sample => {
    if (sample.rows !== rows) throw new Error(`A reader must find ${rows} rows; it found ${sample.rows}.`);
    return { ...sample, megabytesPerSecond: bytes / 1e6 / sample.seconds! };
  };
  const script = join(import.meta.dirname, 'csv-peers.py');
  return {
    ours: (precision: Precision): Contender => ({
      run: async () => {
        const directory = join(workDirectory, precision);
        return throughput(
          await readChannel({ program: 'csv-program', file, directory, hyperparameters: { precision } }),
        );
      },
    }),
    python: (library: string, element: Precision | 'text'): Contender => {
      const contender = python.contender(['numpy', library], script, [library, element, file]);
      return { ...contender, run: async () => throughput(await contender.run()) };
    },
    papaparse: (): Contender => ({ run: async () => throughput(await papaparse(file)) }),
  };
}

async function papaparse(file: string): Promise<Sample> {
  const { reported, peakMB } = await runNode({ args: [join(import.meta.dirname, 'csv-papaparse.js'), file] });
  return { ...reported, peakMB };
}

function papaparseLabel(): string {
  const { version } = createRequire(import.meta.url)('papaparse/package.json') as { version: string };
  return `papaparse ${version}`;
}
