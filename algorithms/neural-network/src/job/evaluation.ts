/** The metrics of an epoch: outputs on the device, part by part, into a scorer on the host. */
import { ClientError, type Communicator } from '@algo/contract';
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { disposeRows, sliceRows } from '../data/device-rows.js';
import { type EvaluationRows, rowsAtOnce } from '../data/evaluation-rows.js';
import { createScorer, type ScorerOptions, type Scores } from '../evaluation/index.js';
import type { NetworkDefinition } from '../network/definition.js';
import type { InputTensors } from '../network/forward.js';
import type { Operations } from '../operations/operations.js';

export interface EvaluationOptions extends Pick<ScorerOptions, 'outputScaling' | 'classWeights'> {
  readonly operations: Operations;
  readonly definition: NetworkDefinition;
  readonly hosts: Communicator;
  /** Raw outputs of the head, [rows × outputs]. */
  outputs(inputs: InputTensors): Tensor;
}

/**
 * Scores of the rows of all hosts together.
 * @param onPart asked after each part, by all hosts alike; true ends the measurement without a result
 */
export async function evaluate(
  rows: EvaluationRows,
  { operations, definition, hosts, outputs, outputScaling, classWeights }: EvaluationOptions,
  onPart: () => Promise<boolean>,
): Promise<Scores | undefined> {
  const { task, outputCount } = definition;
  const scorer = createScorer({ task, outputCount, outputScaling, classWeights });
  const most = rowsAtOnce(definition);
  let hasRows = false;
  for await (const { window, device } of rows.windows()) {
    for (let first = 0; first < window.rows; first += most) {
      hosts.any(true);
      hasRows = true;
      const count = Math.min(most, window.rows - first);
      const part = sliceRows(operations, device, first, count);
      const values = tidy(() => outputs(part.inputs));
      disposeRows(part);
      scorer.add((await values.data()) as Float32Array, window, first, count);
      values.dispose();
      if (await onPart()) return undefined;
    }
  }
  // Hosts with more parts say so before each.
  while (hosts.any(false)) if (await onPart()) return undefined;
  if (!hosts.any(hasRows))
    throw new ClientError('E_DATA_EMPTY', 'Channel "validation" must have rows; no host has any.');
  return scorer.scores(hosts);
}
