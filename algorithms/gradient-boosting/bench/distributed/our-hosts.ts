/** Our training program on several hosts of this machine. */
import { join } from 'node:path';
import { makeHostNetwork, type Sample } from '@algo/bench';
import { useHosts } from '@algo/contract/testing';
import { dealOut, type Table } from './table.ts';
import { TREES, timeTrees } from './time-trees.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
/** As the platform has it. */
const BEAT_MS = 10_000;

/** @param rate of each host's link, in bits per second; undefined: that of this machine */
export async function trainOnHosts(table: Table, hosts: number, rate?: number): Promise<Sample> {
  const network = makeHostNetwork(hosts);
  let clean = async (): Promise<void> => undefined;
  const { start } = useHosts({
    afterEach: (end) => {
      clean = end;
    },
  });
  try {
    if (rate !== undefined) for (const host of network.names.keys()) network.slow(host, rate);
    const running = await start({
      program: PROGRAM,
      hosts: dealOut(table, hosts).map((part) => ({ channels: { train: { 'rows.npy': part.npy() } } })),
      inputDataConfig: { train: { ContentType: 'application/x-npy', S3DistributionType: 'ShardedByS3Key' } },
      hyperparameters: { objective: 'binary:logistic', num_round: String(TREES), max_depth: '6', nthread: '1' },
      beatMs: BEAT_MS,
      network,
    });
    return await timeTrees(network, running);
  } finally {
    await clean();
    network.remove();
  }
}
