/**
 * The service behind the routes in the process that owns the sockets: answers from its workers. It runs no reader,
 * writer or code of an algorithm itself, so /ping is answered whatever they do. The exception is small requests to an
 * algorithm that bounds the cost of a row, which are answered faster here than by a worker
 * (AlgorithmDefinition.boundedRows).
 */

import type { Algorithm } from '../algorithm.js';
import { type ContractError, PlatformError } from '../errors.js';
import type { ServingSettings } from '../serving-settings.js';
import type { StreamOf } from './body-stream/body-streams.js';
import type { Dispatcher } from './dispatcher.js';
import type { FrontState } from './front-state.js';
import { CHEAP_BYTES } from './invocation.js';
import { type Answer, errorAnswer } from './message.js';
import { batchStrategyOf, executionParameters } from './payload-limits.js';
import { byteLength, joined } from './pieces.js';
import type { Service } from './router.js';
import { createSessionFront } from './sessions/session-front.js';
import { sessionRules } from './sessions/session-rules.js';
import { createSpreadBodies } from './spread-body/spread-bodies.js';
import type { WorkerPool } from './worker-pool.js';

export interface FrontOptions {
  readonly algorithm: Algorithm;
  readonly state: FrontState;
  readonly dispatcher: Pick<Dispatcher, 'invoke' | 'isIdle'>;
  readonly pool: Pick<WorkerPool, 'emptyMs' | 'problem'>;
  readonly settings: ServingSettings;
  /** What a scraper gets. */
  readonly metrics: () => string;
  /** How a request is answered part by part; undefined: as a whole. */
  readonly streamOf?: StreamOf | undefined;
}

export function createFront(options: FrontOptions): Service {
  const { algorithm, state, dispatcher, pool, settings, metrics, streamOf } = options;
  const rules = sessionRules(algorithm.sessions, settings.sessionSeconds);
  const inSession = createSessionFront({ rules, dispatcher });
  const batchStrategy = batchStrategyOf(algorithm);
  const front: Service = {
    unavailable() {
      const trouble = state.model === 'ready' ? pool.problem() : state.model;
      return trouble && refuse(trouble);
    },
    isAlive: () => state.own !== undefined || pool.emptyMs() < RESTART_MS,
    async invoke(request, left) {
      if (request.sessionId !== undefined) return inSession(request, left);
      const isSmall = state.own !== undefined && byteLength(request.body) <= CHEAP_BYTES;
      const own = isSmall ? await state.own?.invokeIfCheap({ ...request, body: joined(request.body) }) : undefined;
      return own ?? dispatcher.invoke(request, left);
    },
    invokeNow: (request) => state.own?.invokeIfCheap(request),
    executionParameters: () => executionParameters(settings, state.workers, batchStrategy),
    metrics,
    stream: (request) => streamOf?.(request, front.invoke),
    spread: createSpreadBodies(algorithm, settings, dispatcher, state),
  };
  return front;
}

// --- internal ---

/** A worker that has ended is replaced in less, and its requests wait: that is no reason to stop the container. */
const RESTART_MS = 5_000;

/** While nobody can answer, the answer says why. */
function refuse(trouble: 'loading' | ContractError): Answer {
  if (trouble !== 'loading') return errorAnswer(trouble, 503);
  return errorAnswer(new PlatformError('E_NOT_READY', 'The model is still being loaded; retry in a moment.'));
}
