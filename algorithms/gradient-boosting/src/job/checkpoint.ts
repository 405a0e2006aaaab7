/**
 * Checkpoints: the run so far as an XGBoost model, what else the run knows as JSON in one of its attributes. One file, so
 * that trees and state never disagree. All numbers come back as they were, and with them the same model, to the byte.
 */
import { ClientError } from '@algo/contract';
import { z } from 'zod';
import type { Hyperparameters } from '../hyperparameters.js';
import type { Ensemble } from '../tree.js';
import { readEnsemble, writeUbjson } from '../xgboost-model/index.js';
import type { RunState } from './run.js';

export const CHECKPOINT_FILE = 'gradient-boosting-checkpoint.ubj';
const STATE_ATTRIBUTE = 'checkpoint';

const stateSchema = z.object({
  job: z.record(z.string(), z.string()),
  random: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  history: z.array(z.record(z.string(), z.number())),
  best: z.object({ round: z.int(), value: z.number(), treeWeights: z.array(z.number()).optional() }).optional(),
  vectors: z.record(z.string(), z.array(z.number())).optional(),
});

/** What must be the same in the job that goes on, by name. */
export type JobIdentity = Readonly<Record<string, string>>;

/** Hyperparameters that may differ: they change how long or how fast a run is, not its trees. */
const FREE: readonly string[] = [
  'num_round',
  'nthread',
  'verbosity',
  'early_stopping_rounds',
  'save_model_on_termination',
];

/** @param data what the trees depend on beside hyperparameters, such as the number of rows */
export function jobIdentity(hyperparameters: Hyperparameters, data: Readonly<Record<string, unknown>>): JobIdentity {
  const given = Object.entries({ ...hyperparameters, ...data }).filter(([name]) => !FREE.includes(name));
  return Object.fromEntries(given.map(([name, value]) => [name, JSON.stringify(value) ?? 'none']));
}

/** @param ensemble all trees of the run, as a model */
export function encodeCheckpoint(ensemble: Ensemble, state: RunState, job: JobIdentity): Uint8Array {
  const { boost, history, best, vectors } = state;
  const kept: z.input<typeof stateSchema> = {
    job,
    random: [...boost.random],
    history: history.map((entry) => ({ ...entry })),
    ...(best && { best: copyBest(best) }),
    ...(vectors && {
      vectors: Object.fromEntries(Object.entries(vectors).map(([name, vector]) => [name, [...vector]])),
    }),
  };
  return writeUbjson({ ...ensemble, attributes: { [STATE_ATTRIBUTE]: JSON.stringify(kept) } });
}

/**
 * @throws ClientError E_CHECKPOINT when it is that of a job with other hyperparameters or data, naming what differs;
 *   E_MODEL when it is damaged
 */
export function decodeCheckpoint(content: Uint8Array, job: JobIdentity): RunState {
  const ensemble = readEnsemble(content, CHECKPOINT_FILE);
  const parsed = stateSchema.safeParse(parseState(ensemble.attributes[STATE_ATTRIBUTE]));
  if (!parsed.success) {
    throw new ClientError('E_MODEL', `${CHECKPOINT_FILE} is no checkpoint: ${z.prettifyError(parsed.error)}`);
  }
  const { random, history, best, vectors } = parsed.data;
  const differing = Object.keys({ ...parsed.data.job, ...job }).find((name) => parsed.data.job[name] !== job[name]);
  if (differing !== undefined) {
    throw new ClientError(
      'E_CHECKPOINT',
      `The checkpoint must be of the same job; "${differing}" was ${parsed.data.job[differing] ?? 'none'} and is ${job[differing] ?? 'none'}. Use another checkpoint path for another job.`,
    );
  }
  const { trees, weightDrop } = ensemble;
  return {
    boost: { trees, random, ...(weightDrop && { treeWeights: [...weightDrop] }) },
    history,
    best: best && copyBest(best),
    vectors:
      vectors && Object.fromEntries(Object.entries(vectors).map(([name, values]) => [name, Float64Array.from(values)])),
  };
}

// --- internal ---

/** A best round of its own arrays, without what is not there. */
function copyBest({
  round,
  value,
  treeWeights,
}: {
  round: number;
  value: number;
  treeWeights?: readonly number[] | undefined;
}) {
  return { round, value, ...(treeWeights && { treeWeights: [...treeWeights] }) };
}

function parseState(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
