/**
 * What the first process and a worker say to each other, as frames on a pipe of their own: Node's channel between
 * processes would copy each body several times.
 */
import type { TalkReport, TalkTask } from './conversation/talk-message.js';
import type { Answer, InvocationRequest } from './message.js';
import type { ModelFailure } from './model-failure.js';
import type { ModelOrder, OrderResult } from './models/order.js';

/** The pipe's file descriptor in a worker: after the standard streams and Node's own channel. */
export const WORKER_PIPE = 4;

/**
 * To a worker: answer this, the frame's body is the request's; continue the stream; nobody wants the answer any more; do
 * this to a model, where there are many.
 */
export type WorkerTask =
  | { readonly kind: 'request'; readonly id: number; readonly request: RequestHead; readonly deadline: number }
  | { readonly kind: 'taken'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'cancel'; readonly id: number }
  | TalkTask
  | { readonly kind: 'order'; readonly id: number; readonly order: ModelOrder };

export type RequestHead = Omit<InvocationRequest, 'body'>;

/**
 * From a worker: its model can answer, or why it cannot; or the answer to the task of that id, its body the frame's. Where
 * the answer is a stream, parts follow, each a frame's body, and at last the end, with what went wrong. Or an order is done.
 */
export type WorkerReport =
  | { readonly kind: 'ready'; readonly facts: ModelFacts }
  | { readonly kind: 'failed'; readonly failure: ModelFailure }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: AnswerHead; readonly isStream: boolean }
  | { readonly kind: 'part'; readonly id: number }
  | { readonly kind: 'end'; readonly id: number; readonly problem?: string }
  | TalkReport
  | { readonly kind: 'done'; readonly id: number; readonly result: OrderResult };

export type AnswerHead = Omit<Answer, 'body' | 'rest'>;

/** What the first process, which need not have the model itself, must know of it. */
export interface ModelFacts {
  /** Resident bytes of the worker with its model. */
  readonly processBytes: number;
  /** Maximum number of processes that may answer; undefined: as many as fit. */
  readonly maxProcesses: number | undefined;
  /** Whether `predict` returns promises, so that one worker can process several requests concurrently. */
  readonly isConcurrent: boolean;
  /** Whether one worker is to get several requests at once, large ones too, to predict them together. */
  readonly isBatched: boolean;
  /** Whether the first process may load the model too and answer small requests by itself. */
  readonly isForFront: boolean;
}
