/** The training channel of a temporary job, in either mode, for tests of objects that come through a pipe. */
import type { OpenedChannel } from '../../src/channels/channel.js';
import { TEXT } from '../categories/channels.js';
import { writeFifo } from './fifo.js';
import type { Job } from './job.js';

const definitions = {
  train: {
    description: 'rows',
    required: true,
    contentTypes: ['application/x-parquet', 'text/csv', 'application/json', 'text/libsvm'],
  },
} as const;

export function openPipe(job: Job, config: Parameters<Job['open']>[0][string] = {}): OpenedChannel {
  return openFiles(job, { TrainingInputMode: 'Pipe', ...config });
}

export function openFiles(job: Job, config: Parameters<Job['open']>[0][string] = {}): OpenedChannel {
  return job.open({ train: config }, { definitions, policy: TEXT }).train!;
}

/** Writes an epoch of the pipe. */
export function writeEpoch(job: Job, epoch: number, content: Uint8Array | string): Promise<void> {
  return writeFifo(job.makeFifo(`train_${epoch}`), content);
}
