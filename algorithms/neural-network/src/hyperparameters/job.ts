/** Hyperparameters of the job: how its data is read and kept, where it computes, and the seed. */
import { csvWeights, fixed, seed } from '@algo/contract';
import { MAX_THREADS } from '@algo/numerics';
import { z } from 'zod';
import { BACKEND_NAMES } from '../backends/backend.js';

export const job = {
  csv_weights: csvWeights(),
  data_memory_mb: fixed(
    z.int().min(1).max(1_048_576).default(256),
    'Memory for rows as the network reads them, in MiB. If all rows fit, they are read once; otherwise they are read again in each epoch, in parts of this size, and shuffled within each part. Backend wasm uses at most 1024.',
  ),
  unseen_categories: fixed(
    z.enum(['error', 'other']).default('error'),
    'How to treat a category of a text column that the training data does not have: error (refuse it), or other (as an extra category, with the mean embedding).',
  ),
  seed: seed('Seed of all random choices. The same seed and data give the same model on the same backend.'),
  backend: fixed(
    z.enum(['auto', ...BACKEND_NAMES]).default('auto'),
    'Where to compute. auto: the first of tensorflow, webgpu (a GPU), wasm and cpu that works on the instance. Any other value is an error if that backend does not work.',
  ),
  threads: fixed(
    z.int().min(1).max(MAX_THREADS).optional(),
    'Number of threads of the backends wasm and tensorflow. Default: all CPUs of the instance.',
  ),
};
