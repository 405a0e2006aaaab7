/**
 * Hyperparameters of SageMaker's XGBoost container that select among implementations where this algorithm has only
 * one. A value that selects this implementation, or the default, is accepted silently; one that would not change the
 * model, with a warning; one that asks for a different model is refused.
 */
import { fixed } from '@algo/contract';
import { z } from 'zod';

/** XGBoost's updaters that make up the histogram method; they do not change the trees. */
const UPDATERS = ['grow_quantile_histmaker', 'prune', 'sync'];

export const compatibility = () => ({
  verbosity: fixed(z.int().min(0).max(3).default(1), 'Accepted for compatibility: the log is always the same.'),
  deterministic_histogram: fixed(
    z.boolean().default(true),
    'Accepted for compatibility: histograms are always deterministic.',
  ),
  single_precision_histogram: fixed(
    z.boolean().default(false),
    'Accepted for compatibility: histograms always have double precision.',
  ),
  updater: fixed(
    z.string().optional(),
    'Accepted for compatibility: grow_quantile_histmaker, alone or with prune and sync, is the histogram method. Others are refused.',
  ),
  process_type: fixed(
    z.enum(['default', 'update']).default('default'),
    'Accepted for compatibility: only default. update is refused.',
  ),
  refresh_leaf: fixed(z.int().min(0).max(1).default(1), 'Accepted for compatibility: only for process_type update.'),
  predictor: fixed(
    z.enum(['auto', 'cpu_predictor', 'gpu_predictor']).default('auto'),
    'Accepted for compatibility: predictions are always computed on CPUs.',
  ),
  dsplit: fixed(
    z.enum(['row', 'col']).default('row'),
    'Accepted for compatibility: several instances always share the rows.',
  ),
  sketch_eps: fixed(
    z.number().gt(0).lt(1).default(0.03),
    'Accepted for compatibility: only for tree_method approx; max_bin sets the number of bins.',
  ),
  lambda_bias: fixed(z.number().min(0).max(1).default(0), 'Accepted for compatibility: only for booster gblinear.'),
  prob_buffer_row: fixed(
    z.number().min(1).default(1),
    'Accepted for compatibility: only for an updater that is not supported.',
  ),
  use_dask_gpu_training: fixed(
    z.boolean().default(false),
    'Accepted for compatibility: only false. true is refused because there is no GPU version.',
  ),
});

type Values = z.output<z.ZodObject<ReturnType<typeof compatibility>>>;

/** One sentence for each value that asks for something unsupported. */
export function compatibilityProblems({ updater, process_type, use_dask_gpu_training }: Values): string[] {
  const problems: string[] = [];
  const names = updater?.split(',').map((name) => name.trim());
  if (names && !(names[0] === UPDATERS[0] && names.every((name) => UPDATERS.includes(name)))) {
    problems.push(
      `Hyperparameter "updater" must be ${UPDATERS[0]}, alone or with prune and sync; received "${updater}". Only the histogram method is supported; leave it out.`,
    );
  }
  if (process_type === 'update') {
    problems.push(
      'Hyperparameter "process_type" must be default; received "update". To continue from a model, pass it in channel "model".',
    );
  }
  if (use_dask_gpu_training) {
    problems.push(
      'Hyperparameter "use_dask_gpu_training" must be false; received "true". There is no GPU version; leave it out.',
    );
  }
  return problems;
}

/** One sentence for each value without effect, which the caller may expect to have one. */
export function compatibilityWarnings(values: Values): string[] {
  const fields = compatibility();
  const isNeutral = (name: keyof typeof IDLE) =>
    values[name] === fields[name].parse(undefined) || (name === 'predictor' && values[name] === 'cpu_predictor');
  const idle = (Object.keys(IDLE) as (keyof typeof IDLE)[]).filter((name) => !isNeutral(name));
  return idle.map((name) => `Hyperparameter "${name}" has no effect here: ${IDLE[name]}; received "${values[name]}".`);
}

// --- internal ---

const IDLE = {
  verbosity: 'the log is always the same',
  deterministic_histogram: 'histograms are always deterministic',
  single_precision_histogram: 'histograms always have double precision',
  refresh_leaf: 'it is only for process_type update',
  predictor: 'there is no GPU version, and predictions would be the same',
  dsplit: 'several instances always share the rows',
  sketch_eps: 'it is only for tree_method approx; set max_bin instead',
  lambda_bias: 'it is only for booster gblinear',
  prob_buffer_row: 'it is only for an updater that is not supported',
} as const satisfies Partial<Record<keyof Values, string>>;
