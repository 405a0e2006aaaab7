/**
 * `.npy` to typed blocks: how fast `channel.blocks()` reads an array of doubles, every value checked to be finite and the label
 * taken off, compared with `numpy.load`, which copies the file into memory and looks at nothing.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, defineBench, row, type Sample } from '@algo/bench';
import { createRandom } from '@algo/numerics';
import { readChannel } from './read-channel.ts';

const ROWS = 1_000_000;
const COLUMNS = 29;
const ROUNDS = 7;

export const bench = defineBench({
  name: 'npy',
  description: '.npy to typed columns in memory, 1,000,000 rows of 28 features and a label as float64, 232 MB',
  pythonPackages: ['numpy'],
  async measure({ python, dataDirectory, workDirectory, progress }) {
    const file = npyTable(dataDirectory);
    readFileSync(file); // the first contender does not pay for the disk
    const throughput = (sample: Sample): Sample => {
      if (sample.rows !== ROWS) throw new Error(`A reader must find ${ROWS} rows; it found ${sample.rows}.`);
      return { ...sample, megabytesPerSecond: statSync(file).size / 1e6 / sample.seconds! };
    };
    const reading = {
      program: 'csv-program',
      file,
      contentType: 'application/x-npy',
      directory: workDirectory,
    } as const;
    const numpy = python.contender(['numpy'], join(import.meta.dirname, 'npy-peer.py'), [file]);
    const { ours, peers } = await alternate({
      ours: { run: async () => throughput(await readChannel(reading)) },
      peers: { numpy: { ...numpy, run: async () => throughput(await numpy.run()) } },
      rounds: ROUNDS,
      progress,
    });
    const peer = { name: python.label('numpy'), outcome: peers.numpy };
    return [
      row({
        measure: 'read as float64',
        unit: 'MB/s',
        key: 'megabytesPerSecond',
        ours,
        peer,
        goal: { value: 'ratio', atLeast: 0.5 },
      }),
      row({ measure: 'peak memory', unit: 'MB', key: 'peakMB', statistic: 'max', ours, peer }),
    ];
  },
});

// --- internal ---

/** The path of the table in `directory`, written from a seed unless it is there. */
function npyTable(directory: string): string {
  const path = join(directory, `table-${ROWS}-${COLUMNS}.npy`);
  if (existsSync(path)) return path;
  mkdirSync(directory, { recursive: true });
  const random = createRandom(7);
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${ROWS}, ${COLUMNS}), }`;
  writeSync(
    file,
    Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${text.padEnd(117)}\n`)]),
  );
  const block = new Float64Array(1000 * COLUMNS);
  for (let at = 0; at < ROWS; at += 1000) {
    for (let i = 0; i < block.length; i++) block[i] = random.below(1_000_000) / 1000;
    writeSync(file, block);
  }
  closeSync(file);
  renameSync(unfinished, path);
  return path;
}
