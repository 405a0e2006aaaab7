/**
 * How the cost of training grows: with rows, columns, depth, rounds and threads, one at a time from a table of 100,000
 * rows of 28 columns, 20 rounds, depth 6, 2 threads. For reading, not for goals; the time includes the bins.
 */
import { bundlePrograms, defineBench, type Row, row, runNode, type Sample } from '@algo/bench';

const BASE = { rows: 100_000, testRows: 10_000, columns: 28, classes: 2, rounds: 20, kind: 'dense', depth: 6 };
const VARIANTS: readonly (Partial<typeof BASE> & { readonly threads?: number })[] = [
  {},
  { rows: 1_000_000 },
  { rows: 10_000_000 },
  { columns: 10 },
  { columns: 100 },
  { columns: 1000 },
  { depth: 4 },
  { depth: 8 },
  { depth: 12 },
  { rounds: 10 },
  { rounds: 100 },
  { threads: 1 },
];
const RUNS = 3;
const SEED = 7;

export const bench = defineBench({
  name: 'gradient-boosting-growth',
  description:
    'train from float32 in memory: 100,000 rows x 28, 20 rounds, depth 6, 2 threads, and one of these changed',
  pythonPackages: [],
  async measure({ dataDirectory, workDirectory, progress }) {
    const { make, measure } = bundlePrograms(import.meta.dirname, ['make', 'measure'], workDirectory);
    const rows: Row[] = [];
    for (const { threads = 2, ...changes } of VARIANTS) {
      const shape = JSON.stringify({ ...BASE, ...changes });
      const name = nameOf({ ...changes, ...(threads !== 2 && { threads }) });
      progress(name);
      const { output } = await runNode({ args: [make, dataDirectory, shape, String(SEED)] });
      const files: { features: string; labels: string } = JSON.parse(output);
      const samples: Sample[] = [];
      for (let run = 0; run < RUNS; run++) {
        const result = await runNode({ args: [measure, files.features, files.labels, shape, String(threads), '0'] });
        samples.push({ ...result.reported, peakMB: result.peakMB });
      }
      rows.push(row({ measure: name, unit: 's', key: 'trainSeconds', ours: samples }));
      rows.push(row({ measure: `${name}, peak memory`, unit: 'MB', key: 'peakMB', statistic: 'max', ours: samples }));
    }
    return rows;
  },
});

// --- internal ---

function nameOf(changes: Readonly<Record<string, number | string>>): string {
  const [change] = Object.entries(changes);
  return change ? `${change[0]} ${Number(change[1]).toLocaleString('en')}` : 'base';
}
