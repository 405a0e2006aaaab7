/**
 * Checkpoints: the run so far as an XGBoost model, with the rest of its state as JSON in an attribute. It is one file,
 * so trees and state never disagree. All numbers are restored exactly, and so is the model, byte for byte.
 */
import { ClientError, requireReach } from '@algo/contract';
import { z } from 'zod';
import type { Ensemble } from '../ensemble/tree.js';
import { compatibility } from '../hyperparameters/compatibility.js';
import { readEnsemble } from '../model/index.js';
import { writeUbjson } from '../model/write.js';
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
export const FREE_HYPERPARAMETERS: readonly string[] = [
  'num_round',
  'nthread',
  'early_stopping_rounds',
  'save_model_on_termination',
  ...Object.keys(compatibility()),
];

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
 * @param rounds of the job
 * @throws ClientError E_CHECKPOINT when the checkpoint has more
 */
export function decodeCheckpoint(content: Uint8Array, rounds: number): RunState {
  const ensemble = readEnsemble(content, CHECKPOINT_FILE);
  const parsed = stateSchema.safeParse(parseState(ensemble.attributes[STATE_ATTRIBUTE]));
  if (!parsed.success) {
    throw new ClientError('E_MODEL', `${CHECKPOINT_FILE} is not a checkpoint: ${z.prettifyError(parsed.error)}`);
  }
  const { random, history, best, vectors } = parsed.data;
  requireReach('num_round', rounds, history.length, `after ${history.length} rounds`);
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
