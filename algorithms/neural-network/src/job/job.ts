/** A training job as the files around it see it. */
import type { Channel, TrainingJob } from '@algo/contract';
import type { Hyperparameters } from '../hyperparameters/index.js';

/** The parts of a job that training here uses. */
export type Job = Omit<TrainingJob<Hyperparameters>, 'channels'> & {
  readonly channels: {
    readonly train: Channel;
    readonly validation: Channel | undefined;
    readonly model: Channel | undefined;
  };
};
