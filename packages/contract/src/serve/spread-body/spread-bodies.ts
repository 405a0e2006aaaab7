/** Which requests of a container are predicted in parts: large ones, where there is more than one worker for them. */
import type { Algorithm } from '../../algorithm.js';
import type { ServingSettings } from '../../serving-settings.js';
import type { Dispatcher } from '../dispatcher.js';
import type { FrontState } from '../front-state.js';
import type { RequestHead } from '../worker-message.js';
import { type SpreadBody, spreadBody } from './spread-body.js';
import { createSpreadPlanner } from './spread-plan.js';

/** @param length of the body @param left gives what is aborted when the caller has gone away */
export type SpreadOf = (request: RequestHead, length: number, left: () => AbortSignal) => SpreadBody | undefined;

/**
 * Undefined: none. In a batch transform other requests keep the workers busy; rows of several requests that are predicted
 * together, and units of a whole request, are not those of parts.
 */
export function createSpreadBodies(
  algorithm: Algorithm,
  { isBatch, defaultAccept }: Pick<ServingSettings, 'isBatch' | 'defaultAccept'>,
  dispatcher: Pick<Dispatcher, 'invoke' | 'isIdle'>,
  state: Pick<FrontState, 'workers'>,
): SpreadOf | undefined {
  const { boundedRows, batching, units } = algorithm;
  if (isBatch || !boundedRows || batching || units) return undefined;
  let planOf: ReturnType<typeof createSpreadPlanner> | undefined;
  return (request, length, left) => {
    const { workers } = state;
    if (length < SPREAD_BYTES || workers < 2) return undefined;
    planOf ??= createSpreadPlanner(algorithm, defaultAccept);
    const plan = planOf(request);
    return plan && spreadBody({ request, plan, length, dispatcher, workers, left });
  };
}

// --- internal ---

/** Smaller bodies are predicted as a whole. */
const SPREAD_BYTES = 1024 * 1024;
