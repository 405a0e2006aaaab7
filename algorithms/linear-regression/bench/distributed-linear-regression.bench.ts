/**
 * Training on several hosts, which are processes in network namespaces of this machine: time of a job from its start to its
 * end, and all bytes that the hosts send, against the number of hosts, rows and features. Linux and root only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternateAll,
  defineBench,
  HOST_BYTES,
  hostRows,
  onHosts,
  regressionTable,
  row,
  type Sample,
  timeJob,
  untilEnd,
} from '@algo/bench';
import { useHosts } from '@algo/contract/testing';

const ROWS = 500_000;
const FEATURES = 28;
const FEWER_ROWS = 50_000;
const MORE_FEATURES = 112;
const SEED = 7;
const ROUNDS = 3;
const PROGRAM = join(import.meta.dirname, '..', 'dist', 'main.js');
/** As the platform has it. */
const BEAT_MS = 10_000;

export const bench = defineBench({
  name: 'distributed-linear-regression',
  group: 'distributed',
  description: `linear regression on 1, 2 and 4 hosts of this machine: ${ROWS} x ${FEATURES} as CSV; per job`,
  pythonPackages: [],
  async measure({ dataDirectory, progress }) {
    const table = (rows: number, features: number) =>
      readFileSync(regressionTable(dataDirectory, { rows, features, seed: SEED }));
    const all = table(ROWS, FEATURES);
    const [half] = dealOut(all, 2);
    const measured = await alternateAll(
      {
        one: () => trainOnHosts(all, 1),
        two: () => trainOnHosts(all, 2),
        four: () => trainOnHosts(all, 4),
        alone: () => trainOnHosts(half!, 1),
      },
      { rounds: ROUNDS, progress },
    );
    const ofFew = await trainOnHosts(table(FEWER_ROWS, FEATURES), 2);
    const ofWide = await trainOnHosts(table(FEWER_ROWS, MORE_FEATURES), 2);
    return [
      ...hostRows(measured),
      row({ measure: `2 hosts, ${FEWER_ROWS} rows: sent`, ...HOST_BYTES, ours: [ofFew] }),
      row({
        measure: `2 hosts, ${FEWER_ROWS} rows, ${MORE_FEATURES} features: sent`,
        ...HOST_BYTES,
        ours: [ofWide],
      }),
    ];
  },
});

// --- internal ---

const LINE_FEED = 10;

function trainOnHosts(csv: Buffer, hosts: number): Promise<Sample> {
  const parts = dealOut(csv, hosts).map((part) => ({ channels: { train: { 'rows.csv': part } } }));
  return onHosts(hosts, undefined, (network) =>
    untilEnd(useHosts, ({ start }) =>
      timeJob(network, () =>
        start({
          ...{ program: PROGRAM, hosts: parts, network, beatMs: BEAT_MS, hyperparameters: { method: 'ols' } },
          inputDataConfig: { train: { ContentType: 'text/csv', S3DistributionType: 'ShardedByS3Key' } },
        }),
      ),
    ),
  );
}

/** Whole lines, about as many for each host. */
function dealOut(csv: Buffer, hosts: number): Buffer[] {
  const ends = Array.from({ length: hosts + 1 }, (_, i) =>
    i === 0 ? 0 : csv.indexOf(LINE_FEED, Math.floor((i * csv.length) / hosts) - 1) + 1,
  );
  return ends.slice(1).map((end, i) => csv.subarray(ends[i], end));
}
