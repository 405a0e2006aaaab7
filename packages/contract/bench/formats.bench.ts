/**
 * The formats of channels besides CSV (csv.bench.ts): how fast `channel.blocksAsStored()` turns a file into typed arrays, on
 * the one thread that a training has, compared with the reader that is usual for each.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternate,
  type BenchContext,
  type Contender,
  defineBench,
  type Goal,
  type Row,
  row,
  type Sample,
} from '@algo/bench';
import { readChannel } from './read-channel.ts';

const ROUNDS = 5;
const FEATURES = 28;

interface Format {
  /** As the Python programs call it. */
  readonly kind: string;
  readonly contentType: string;
  readonly rows: number;
  readonly peer: string;
  readonly packages: readonly string[];
  readonly goal: Goal;
}

const FORMATS: readonly Format[] = [
  {
    ...{ kind: 'parquet', contentType: 'application/x-parquet', rows: 1_000_000, peer: 'pyarrow' },
    ...{ packages: ['pyarrow'], goal: { value: 'ratio', atLeast: 0.5 } },
  },
  {
    ...{ kind: 'libsvm', contentType: 'text/libsvm', rows: 500_000, peer: 'xgboost' },
    ...{ packages: ['xgboost'], goal: { value: 'ratio', atLeast: 2 } },
  },
  {
    ...{ kind: 'dense records', contentType: 'application/x-recordio-protobuf', rows: 500_000, peer: 'protobuf' },
    ...{ packages: ['protobuf'], goal: { value: 'ratio', atLeast: 20 } },
  },
  {
    ...{ kind: 'sparse records', contentType: 'application/x-recordio-protobuf', rows: 500_000, peer: 'protobuf' },
    ...{ packages: ['protobuf'], goal: { value: 'ratio', atLeast: 20 } },
  },
];

export const bench = defineBench({
  name: 'formats',
  description: 'Parquet, libsvm and RecordIO-protobuf to typed columns in memory, 28 features and a label',
  pythonPackages: ['numpy', 'pyarrow', 'xgboost', 'protobuf'],
  async measure(context) {
    const rows: Row[] = [];
    for (const format of FORMATS) rows.push(...(await measureFormat(format, context)));
    return rows;
  },
});

// --- internal ---

async function measureFormat(format: Format, { python, dataDirectory, workDirectory, progress }: BenchContext) {
  const { kind, contentType, rows, peer, packages, goal } = format;
  const file = join(dataDirectory, `formats-${kind.replace(' ', '-')}-${rows}x${FEATURES}`);
  const make = python.contender(['numpy', ...packages], script('formats-data'), [kind, `${rows}`, `${FEATURES}`, file]);
  if (make.missing !== undefined) throw new Error(`The data of ${kind} cannot be made: ${make.missing}`);
  if (!existsSync(file)) await make.run();
  readFileSync(file);
  const bytes = statSync(file).size;
  /** @throws Error when rows got lost: a fast wrong answer is no result */
  const throughput = (sample: Sample): Sample => {
    if (sample.rows !== rows) throw new Error(`A reader must find ${rows} rows; it found ${sample.rows}.`);
    return { ...sample, megabytesPerSecond: bytes / 1e6 / sample.seconds! };
  };
  const directory = join(workDirectory, 'formats');
  const reader = python.contender(['numpy', ...packages], script('formats-peers'), [kind, file]);
  const theirs: Contender = { ...reader, run: async () => throughput(await reader.run()) };
  const ours: Contender = {
    run: async () => throughput(await readChannel({ program: 'formats-program', file, contentType, directory })),
  };
  const outcome = await alternate({
    ours,
    peers: { theirs },
    rounds: ROUNDS,
    progress: (line) => progress(`${kind}, ${line}`),
  });
  const compared = { ours: outcome.ours, peer: { name: python.label(peer), outcome: outcome.peers.theirs } };
  return [
    row({ ...compared, measure: `read ${kind}`, unit: 'MB/s', key: 'megabytesPerSecond', goal }),
    row({ ...compared, measure: `peak memory, ${kind}`, unit: 'MB', key: 'peakMB', statistic: 'max' }),
  ];
}

function script(name: string): string {
  return join(import.meta.dirname, `${name}.py`);
}
