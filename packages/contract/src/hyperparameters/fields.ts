/**
 * Building blocks of hyperparameter fields, and the common ones, under the names that SageMaker's own have for them.
 */
import { z } from 'zod';
import type { TuningRange } from './field.js';

/**
 * A hyperparameter that a tuning job may search.
 * @param description for buyers, at most 1024 characters with what is said of the search
 * @param tuning where a search is worth its jobs, within the field's bounds
 */
export function tunable<S extends z.ZodType>(field: S, description: string, tuning?: TuningRange): S {
  if (!tuning) return field.meta({ description, tunable: true });
  const scale = tuning.scale === 'Logarithmic' ? ', logarithmic' : '';
  const range = `Tuning: ${tuning.from} to ${tuning.to}${scale}.`;
  return field.meta({ description: `${description} ${range}`, tunable: true, tuning });
}

/** One that it may not. */
export function fixed<S extends z.ZodType>(field: S, description: string): S {
  return field.meta({ description, tunable: false });
}

/** `csv_weights`, as SageMaker's XGBoost has it. */
export function csvWeights(description = '1 if the column after the label is the weight of its row, 0 or more.') {
  return fixed(z.int().min(0).max(1).default(0), description);
}

/** The largest seed, which every client's integer can hold. */
const MAX_SEED = 2 ** 31 - 1;

/** `seed`. @param low below 0 only where another program's jobs have such seeds */
export function seed(description: string, low: 0 | -2147483647 = 0) {
  return fixed(z.int().min(low).max(MAX_SEED).default(0), description);
}
