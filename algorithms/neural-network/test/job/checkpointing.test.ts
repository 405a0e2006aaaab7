/** What is written as a checkpoint, and what is not. */
import { oneHost } from '@algo/contract';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/definition.js';
import type { RunState } from '../../src/job/checkpoint.js';
import { checkpointing, requireSameState } from '../../src/job/checkpointing.js';
import { twinHost } from '../support/hosts.js';
import { defineNetwork, dense, startNetwork } from '../support/networks.js';

const definition = defineNetwork({ task: 'binary', columns: 2, layers: [dense('dense_1', 4)] });
const network = startNetwork(definition, 1);
const scan = { rows: 4, columns: 2, digest: undefined, categoryNames: undefined };

/** Checkpoints that are always due. */
function open() {
  let written = 0;
  const checkpoint = {
    read: () => undefined,
    isDue: () => true,
    write() {
      written += 1;
    },
  };
  const job = {
    hyperparameters: { lr_schedule: 'constant' },
    channels: {},
    checkpoints: { isEnabled: true, ofJob: () => checkpoint },
  } as unknown as Job;
  const { onState } = checkpointing(job, oneHost(), scan, network);
  let taken = 0;
  const offer = (lossSum: number) =>
    onState(async (): Promise<RunState> => {
      taken += 1;
      const trainer = { step: 1, weights: network.weights, moments: [], lossSum };
      return { trainer, progress: { batches: 1, loss: 0, weight: 4 }, history: [], best: undefined };
    });
  return { offer, counts: () => ({ taken, written }) };
}

describe('the state of a run', () => {
  it('is written each time it is kept', async () => {
    const { offer, counts } = open();

    await offer(1);
    await offer(2);

    expect(counts()).toEqual({ taken: 2, written: 2 });
  });

  it('is not written once its loss is NaN, and not read from the device again', async () => {
    const { offer, counts } = open();

    await offer(Number.NaN);
    await offer(Number.NaN);

    expect(counts()).toEqual({ taken: 1, written: 0 });
  });
});

describe('the networks of several hosts', () => {
  const withOther = (digestOf: (own: unknown) => unknown) => ({
    ...twinHost(),
    gatherValues: <T>(value: T) => [value, digestOf(value) as T],
  });

  it('are the same where their bits are', () => {
    const hosts = withOther((own) => own);

    expect(() => requireSameState(hosts, [Float32Array.of(1, 2)])).not.toThrow();
  });

  it('are refused where one differs, which is named', () => {
    const hosts = withOther(() => 'of another network');

    expect(() => requireSameState(hosts, [Float32Array.of(1, 2)])).toThrow(
      'All hosts must have the same network; that of rank 1 differs from that of rank 0.',
    );
  });
});
