/** Several hosts train the network that one host with the same batches trains. */
import { binaryTable, useHosts } from '@algo/contract/testing';
import { afterEach, describe, it } from 'vitest';
import { cut, expectSameHistory, onOneHost, sharded } from './jobs.js';

const { train } = useHosts({ afterEach });

const TRAIN = binaryTable(300);
const VALIDATION = binaryTable(150, 2);

describe('jobs on two and three hosts with uneven shards have the losses and metrics of one host, epoch by epoch', () => {
  it.each(['1', '2', '3'])('with seed %s', async (seed) => {
    const on = (rows: readonly number[], validationRows: readonly number[]) => {
      const [own, held] = [cut(TRAIN, rows), cut(VALIDATION, validationRows)];
      const shards = own.map((csv, rank) => ({ train: { 'a.csv': csv }, validation: { 'b.csv': held[rank]! } }));
      return sharded(shards, { objective: 'binary', seed });
    };
    const two = on([140, 160], [150, 0]);

    const whole = await train(onOneHost(two));

    expectSameHistory(await train(two), whole);
    expectSameHistory(await train(on([90, 200, 10], [100, 20, 30])), whole);
  });
});
