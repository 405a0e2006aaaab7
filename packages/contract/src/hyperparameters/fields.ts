/** Hyperparameters that most algorithms have, under the names that SageMaker's own have for them. */
import { z } from 'zod';

/** `csv_weights`, as SageMaker's XGBoost has it. */
export function csvWeights(description = '1 if the column after the label is the weight of its row, 0 or more.') {
  return z.int().min(0).max(1).default(0).meta({ description, tunable: false });
}

/** The largest seed, which every client's integer can hold. */
const MAX_SEED = 2 ** 31 - 1;

/** `seed`. @param low below 0 only where another program's jobs have such seeds */
export function seed(description: string, low: 0 | -2147483647 = 0) {
  return z.int().min(low).max(MAX_SEED).default(0).meta({ description, tunable: false });
}
