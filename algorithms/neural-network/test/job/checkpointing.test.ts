/** What is written as a checkpoint, and what is not. */
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/definition.js';
import type { RunState } from '../../src/job/checkpoint.js';
import { checkpointing } from '../../src/job/checkpointing.js';
import { defineNetwork, dense, startNetwork } from '../support/networks.js';

const definition = defineNetwork({ task: 'binary', columns: 2, layers: [dense('dense_1', 4)] });
const network = startNetwork(definition, 1);
const scan = { rows: 4, columns: 2, labelDigest: undefined, categoryNames: undefined };

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
    checkpoints: { ofJob: () => checkpoint },
  } as unknown as Job;
  const { onState } = checkpointing(job, scan, network);
  let taken = 0;
  const offer = (lossSum: number) =>
    onState(async (): Promise<RunState> => {
      taken += 1;
      const trainer = { step: 1, weights: network.weights, moments: [], lossSum };
      return { trainer, progress: { batches: 1, loss: 0, weight: 4 }, history: [], best: undefined };
    }, false);
  return { offer, counts: () => ({ taken, written }) };
}

describe('the state of a run', () => {
  it('is written each time it is due', async () => {
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
