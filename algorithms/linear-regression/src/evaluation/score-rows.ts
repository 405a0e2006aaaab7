/** The errors of a model on the rows of a channel, each host measuring its own. */
import {
  type Block,
  type Channel,
  ClientError,
  type Communicator,
  isStopError,
  placeOfRow,
  type ReplayableRows,
} from '@algo/contract';
import type { Predictor } from '../inference/predict.js';
import { requireOneLabel } from '../one-label.js';
import { createScorer, type Scorer, type Scores } from './scorer.js';

/**
 * @param channel that the rows are of
 * @param rows of which a pass needs no agreement, since a stop may end it on some hosts only
 * @returns of the rows of all hosts; undefined when a stop came before their end
 */
export async function scoreRows(
  channel: Channel,
  rows: ReplayableRows,
  predictor: Predictor,
  hosts: Communicator,
): Promise<Scores | undefined> {
  const scorer = createScorer();
  let isStopped = false;
  try {
    for await (const block of rows.pass()) {
      requireColumns(channel, block, predictor.model.featureCount);
      addScores(scorer, block, predictor);
    }
  } catch (error) {
    if (!isStopError(error)) throw error;
    isStopped = true;
  }
  if (hosts.any(isStopped)) return undefined;
  if (!hosts.any(rows.rows > 0)) {
    throw new ClientError('E_DATA_EMPTY', `Channel "${rows.name}" must have rows; received none.`);
  }
  return requireFinite(scorer.scores(hosts), `Channel "${rows.name}"`);
}

/** @throws ClientError E_DATA_RANGE */
export function requireFinite(scores: Scores, place: string): Scores {
  if (Object.values(scores).every(Number.isFinite)) return scores;
  throw new ClientError(
    'E_DATA_RANGE',
    `${place}: the errors must be finite; the predictions exceed the range of a double, or no row has a weight above 0.`,
  );
}

// --- internal ---

function requireColumns(channel: Channel, block: Block, featureCount: number): void {
  requireOneLabel(channel, block);
  if (block.columns === featureCount) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${placeOfRow(channel, block)}: rows must have ${featureCount} feature column${featureCount === 1 ? '' : 's'} as in channel "train"; received ${block.columns}.`,
  );
}

function addScores(scorer: Scorer, block: Block, predictor: Predictor): void {
  const { score: predictions } = predictor.predict(block.features, block.rows);
  for (let row = 0; row < block.rows; row++) {
    scorer.add(predictions[row]!, block.labels[row]!, block.weights ? block.weights[row]! : 1);
  }
}
