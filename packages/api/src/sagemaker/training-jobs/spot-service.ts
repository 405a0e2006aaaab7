/**
 * `POST /_spot/JOB?wait=SECONDS`: takes the instance of a job of managed spot training away, which AWS does when it likes and
 * has no operation for. No bucket's name has an underscore, so it is no object's path.
 */
import { sendError } from '../../protocol/json.js';
import type { Service } from '../../server/exchange.js';
import { ServiceError } from '../../service-error.js';
import { type SageMaker, validationError } from '../resources/context.js';
import type { TrainingJobBody } from './shapes.js';
import { TRAINING_JOB } from './state.js';

const PREFIX = '/_spot/';
const MAX_WAIT_SECONDS = 86_400;

export function spotService(sageMaker: SageMaker): Service {
  return {
    name: 'Spot interruptions',
    takes: ({ path }) => path.startsWith(PREFIX),
    async handle({ head: { method, path, query }, response }) {
      if (method !== 'POST') {
        throw new ServiceError('MethodNotAllowed', `An interruption must be a POST; received ${method}.`, 405);
      }
      interruptJob(sageMaker, nameOf(path.slice(PREFIX.length)), secondsOf(query.get('wait') ?? '0'));
      response.writeHead(204).end();
    },
    fail: (exchange, error) => sendError(exchange, error, 'application/json'),
  };
}

// --- internal ---

function secondsOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_WAIT_SECONDS) return Number(text);
  throw validationError(`wait must be an integer in [0, ${MAX_WAIT_SECONDS}], in seconds; received "${text}".`);
}

/** As it is where it is no percent-encoding. */
function nameOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function interruptJob(sageMaker: SageMaker, name: string, waitSeconds: number): void {
  const found = sageMaker.store.records.find<TrainingJobBody>(TRAINING_JOB, name);
  if (!found) throw validationError(`There is no training job "${name}" here. ListTrainingJobs has the names.`);
  const { body } = found;
  if (!body.EnableManagedSpotTraining) {
    throw validationError(`The training job ${name} must have EnableManagedSpotTraining to be interrupted.`);
  }
  if (body.SecondaryStatus !== 'Uploading' && sageMaker.spot.interrupt(name, waitSeconds * 1000)) return;
  throw validationError(
    `The training job ${name} must have an instance to lose; it is in status ${body.TrainingJobStatus}, ${body.SecondaryStatus}.`,
  );
}
