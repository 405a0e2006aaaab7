/**
 * Hyperparameters of SageMaker's XGBoost container that choose between ways of doing what is done in one way here. At the
 * value that asks for that way, or for nothing, they are taken in silence; where they ask for what would make no
 * difference to the model, with a warning; where they ask for another model, they are refused.
 */
import { z } from 'zod';

/** What the histogram method is made of in XGBoost; these make no other trees. */
const UPDATERS = ['grow_quantile_histmaker', 'prune', 'sync'];

export const compatibility = {
  verbosity: z.int().min(0).max(3).default(1).meta({
    description: 'Accepted for compatibility: the log is always the same.',
    tunable: false,
  }),
  deterministic_histogram: z.boolean().default(true).meta({
    description: 'Accepted for compatibility: histograms are always deterministic.',
    tunable: false,
  }),
  single_precision_histogram: z.boolean().default(false).meta({
    description: 'Accepted for compatibility: histograms always have double precision.',
    tunable: false,
  }),
  updater: z.string().optional().meta({
    description:
      'Accepted for compatibility: grow_quantile_histmaker, alone or with prune and sync, is the histogram method. Others are refused.',
    tunable: false,
  }),
  process_type: z.enum(['default', 'update']).default('default').meta({
    description: 'Accepted for compatibility: default. update is refused.',
    tunable: false,
  }),
  refresh_leaf: z.int().min(0).max(1).default(1).meta({
    description: 'Accepted for compatibility: only for process_type update.',
    tunable: false,
  }),
  predictor: z.enum(['auto', 'cpu_predictor', 'gpu_predictor']).default('auto').meta({
    description: 'Accepted for compatibility: processors always predict.',
    tunable: false,
  }),
  dsplit: z.enum(['row', 'col']).default('row').meta({
    description: 'Accepted for compatibility: how several instances would share the data.',
    tunable: false,
  }),
  sketch_eps: z.number().gt(0).lt(1).default(0.03).meta({
    description: 'Accepted for compatibility: only for tree_method approx; max_bin sets the number of bins.',
    tunable: false,
  }),
  lambda_bias: z.number().min(0).max(1).default(0).meta({
    description: 'Accepted for compatibility: only for booster gblinear.',
    tunable: false,
  }),
  prob_buffer_row: z.number().min(1).default(1).meta({
    description: 'Accepted for compatibility: only for an updater that is not here.',
    tunable: false,
  }),
  use_dask_gpu_training: z.boolean().default(false).meta({
    description: 'Accepted for compatibility: false. true is refused, there is no GPU version.',
    tunable: false,
  }),
};

type Values = z.output<z.ZodObject<typeof compatibility>>;

/** One sentence for each value that asks for what is not here. */
export function compatibilityProblems({ updater, process_type, use_dask_gpu_training }: Values): string[] {
  const problems: string[] = [];
  const names = updater?.split(',').map((name) => name.trim());
  if (names && !(names[0] === UPDATERS[0] && names.every((name) => UPDATERS.includes(name)))) {
    problems.push(
      `Hyperparameter "updater" must be ${UPDATERS[0]}, alone or with prune and sync; received "${updater}". Only the histogram method is here; leave it out.`,
    );
  }
  if (process_type === 'update') {
    problems.push(
      'Hyperparameter "process_type" must be default; received "update". To train on from a model, give it in channel "model".',
    );
  }
  if (use_dask_gpu_training) {
    problems.push(
      'Hyperparameter "use_dask_gpu_training" must be false; received "true". There is no GPU version; leave it out.',
    );
  }
  return problems;
}

/** One sentence for each value that makes no difference, though its caller may think so. */
export function compatibilityWarnings(values: Values): string[] {
  const isNeutral = (name: keyof typeof IDLE) =>
    values[name] === compatibility[name].parse(undefined) || (name === 'predictor' && values[name] === 'cpu_predictor');
  const idle = (Object.keys(IDLE) as (keyof typeof IDLE)[]).filter((name) => !isNeutral(name));
  return idle.map((name) => `Hyperparameter "${name}" does nothing here: ${IDLE[name]}; received "${values[name]}".`);
}

// --- internal ---

const IDLE = {
  verbosity: 'the log is always the same',
  deterministic_histogram: 'histograms are always deterministic',
  single_precision_histogram: 'histograms always have double precision',
  refresh_leaf: 'it is only for process_type update',
  predictor: 'there is no GPU version, and predictions would be the same',
  dsplit: 'it is only for several instances',
  sketch_eps: 'it is only for tree_method approx; set max_bin instead',
  lambda_bias: 'it is only for booster gblinear',
  prob_buffer_row: 'it is only for an updater that is not here',
} as const satisfies Partial<Record<keyof Values, string>>;
