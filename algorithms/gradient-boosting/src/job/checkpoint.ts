/**
 * Checkpoints: the run so far as an XGBoost model, what else the run knows as JSON in one of its attributes. One file, so
 * that trees and state never disagree. All numbers come back as they were, and with them the same model, to the byte.
 */
import { type CheckpointIdentity, ClientError } from '@algo/contract';
import { z } from 'zod';
import type { Ensemble } from '../ensemble/tree.js';
import { compatibility } from '../hyperparameters/compatibility.js';
import type { Hyperparameters } from '../hyperparameters/index.js';
import { readEnsemble, writeUbjson } from '../model/index.js';
import type { RunState } from './rounds.js';

export const CHECKPOINT_FILE = 'gradient-boosting-checkpoint.ubj';
const STATE_ATTRIBUTE = 'checkpoint';

const stateSchema = z.object({
  random: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  history: z.array(z.record(z.string(), z.number())),
  best: z.object({ round: z.int(), value: z.number(), treeWeights: z.array(z.number()).optional() }).optional(),
  vectors: z.record(z.string(), z.array(z.number())).optional(),
});

/** Hyperparameters that may differ: they change how long or how fast a run is, or nothing, but not its trees. */
const FREE: readonly string[] = [
  'num_round',
  'nthread',
  'early_stopping_rounds',
  'save_model_on_termination',
  ...Object.keys(compatibility),
];

/**
 * What must be the same in the job that goes on, by name.
 * @param data what the trees depend on beside hyperparameters, such as the digest of the rows
 */
export function jobIdentity(
  hyperparameters: Hyperparameters,
  data: Readonly<Record<string, unknown>>,
): CheckpointIdentity {
  const given = Object.entries({ ...hyperparameters, ...data }).filter(([name]) => !FREE.includes(name));
  return Object.fromEntries(given.map(([name, value]) => [name, JSON.stringify(value) ?? 'none']));
}

/** @param ensemble all trees of the run, as a model */
export function encodeCheckpoint(ensemble: Ensemble, state: RunState): Uint8Array {
  const { boost, history, best, vectors } = state;
  const kept: z.input<typeof stateSchema> = {
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
 * The run that `content`, which the checkpoint store found to be whole and of this job, was made of.
 * @throws ClientError E_CHECKPOINT when it has more rounds than `num_round`
 */
export function decodeCheckpoint(content: Uint8Array, { num_round }: Pick<Hyperparameters, 'num_round'>): RunState {
  const ensemble = readEnsemble(content, CHECKPOINT_FILE);
  const parsed = stateSchema.safeParse(parseState(ensemble.attributes[STATE_ATTRIBUTE]));
  if (!parsed.success) {
    throw new ClientError('E_MODEL', `${CHECKPOINT_FILE} is no checkpoint: ${z.prettifyError(parsed.error)}`);
  }
  const { random, history, best, vectors } = parsed.data;
  if (history.length > num_round) {
    throw new ClientError(
      'E_CHECKPOINT',
      `Hyperparameter "num_round" must be at least ${history.length}, the rounds of the checkpoint; received "${num_round}". Use another checkpoint path for a shorter job.`,
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
