/**
 * Training on several hosts, which are processes with one thread in network namespaces of this machine: time and bytes on the
 * wire of an epoch, against the number of hosts, the rows, the batch and the network. Linux and root only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternateAll,
  bundlePrograms,
  dealOut,
  defineBench,
  HOST_BYTES,
  HOST_TIME,
  type HostTable,
  hostRows,
  onHosts,
  row,
  runNode,
  type Sample,
  tableOf,
  timeRounds,
  untilEnd,
} from '@algo/bench';
import { useHosts } from '@algo/contract/testing';

const COLUMNS = 64;
const ROWS = 20_000;
const FEWER_ROWS = 5000;
const BATCH = 256;
const LARGE_BATCH = 1024;
const HIDDEN = '512,512,256';
const NARROW = '128,64';
const SEED = 7;
const ROUNDS = 3;
const PROGRAM = join(import.meta.dirname, '..', 'dist', 'main.js');
/** As the platform has it. */
const BEAT_MS = 10_000;

export const bench = defineBench({
  name: 'distributed-neural-network',
  group: 'distributed',
  description: `a network ${COLUMNS}-${HIDDEN.replaceAll(',', '-')}-1 on 1, 2 and 4 hosts of this machine, one thread each, on wasm: ${ROWS} rows, batch ${BATCH} of all hosts; per epoch`,
  pythonPackages: [],
  async measure({ dataDirectory, workDirectory, progress }) {
    const { make } = bundlePrograms(import.meta.dirname, ['make'], workDirectory);
    const net = JSON.stringify({ columns: COLUMNS, rows: ROWS });
    const files = JSON.parse((await runNode({ args: [make, dataDirectory, net, String(SEED)] })).output);
    const all = tableOf(readFileSync(files.features), readFileSync(files.labels), COLUMNS);
    const measured = await alternateAll(
      {
        one: () => trainOnHosts(all, 1),
        two: () => trainOnHosts(all, 2),
        four: () => trainOnHosts(all, 4),
        alone: () => trainOnHosts(all.part(0, ROWS / 2), 1, { batch: BATCH / 2 }),
        oneLarge: () => trainOnHosts(all, 1, { batch: LARGE_BATCH }),
        twoLarge: () => trainOnHosts(all, 2, { batch: LARGE_BATCH }),
      },
      { rounds: ROUNDS, progress },
    );
    const few = await trainOnHosts(all.part(0, FEWER_ROWS), 2);
    const narrow = await trainOnHosts(all, 2, { hidden: NARROW });
    return [
      ...hostRows(measured),
      row({ measure: `1 host, batch ${LARGE_BATCH}: time`, ...HOST_TIME, ours: measured.oneLarge }),
      row({ measure: `2 hosts, batch ${LARGE_BATCH}: time`, ...HOST_TIME, ours: measured.twoLarge }),
      row({ measure: `2 hosts, batch ${LARGE_BATCH}: sent`, ...HOST_BYTES, ours: measured.twoLarge }),
      row({ measure: `2 hosts, ${FEWER_ROWS} rows: sent`, ...HOST_BYTES, ours: [few] }),
      row({ measure: `2 hosts, ${COLUMNS}-${NARROW.replace(',', '-')}-1: sent`, ...HOST_BYTES, ours: [narrow] }),
    ];
  },
});

// --- internal ---

/** The first epoch is left out: code is compiled in it. */
const EPOCHS = 3;

function trainOnHosts(table: HostTable, hosts: number, { batch = BATCH, hidden = HIDDEN } = {}): Promise<Sample> {
  const parts = dealOut(table, hosts).map((part) => ({ channels: { train: { 'rows.npy': part.npy() } } }));
  return onHosts(hosts, undefined, (network) =>
    untilEnd(useHosts, async ({ start }) => {
      const programs = await start({
        ...{ program: PROGRAM, hosts: parts, network, beatMs: BEAT_MS },
        inputDataConfig: { train: { ContentType: 'application/x-npy', S3DistributionType: 'ShardedByS3Key' } },
        hyperparameters: {
          ...{ objective: 'binary', backend: 'wasm', threads: '1', hidden_units: hidden },
          ...{ batch_size: String(batch), epochs: String(EPOCHS), optimizer: 'adam' },
        },
      });
      return timeRounds(network, programs, { from: 'epoch=1 ', to: `epoch=${EPOCHS} `, rounds: EPOCHS - 1 });
    }),
  );
}
