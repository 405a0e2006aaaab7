/** What the main process and a worker process say to each other, over Node's own channel with structured cloning. */
import type { Answer, InvocationRequest } from './message.js';

/** To a worker: answer this. */
export interface WorkerTask {
  readonly id: number;
  readonly request: InvocationRequest;
}

/** From a worker: its model has passed the self-test, or the answer to the task of that id. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer };
