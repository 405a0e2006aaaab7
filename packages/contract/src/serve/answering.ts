/** What a worker is at: requests by their ids, each answered as a whole or, as a stream, part by part. */
import { messageOf } from '../errors.js';
import type { Converse } from './conversation/converse.js';
import { createListener } from './conversation/listener.js';
import type { Invoke } from './message.js';
import type { ModelOrder, OrderResult } from './models/order.js';
import { type Sending, sendParts } from './part-flow.js';
import { type Caller, createCaller } from './patience.js';
import type { Pieces } from './pieces.js';
import type { WorkerReport, WorkerTask } from './worker-message.js';

export interface Answering {
  /** Requests whose answers are not complete. */
  readonly openCount: number;
  /** @param body of a request; empty otherwise */
  take(task: WorkerTask, body: Uint8Array): void;
}

export interface MoreAnswering {
  readonly converse?: Converse | undefined;
  /** Never rejects. */
  readonly order?: ((order: ModelOrder) => Promise<OrderResult>) | undefined;
}

/** @param more what else some workers do: conversations, and orders where there are many models */
export function createAnswering(
  invoke: Invoke,
  report: (message: WorkerReport, body?: Pieces) => void,
  { converse, order: doOrder }: MoreAnswering = {},
): Answering {
  const listener = converse && createListener(converse, report);
  const open = new Map<number, { readonly caller: Caller; sending: Sending | undefined }>();

  const answer = async ({ id, request, deadline }: Extract<WorkerTask, { kind: 'request' }>, body: Uint8Array) => {
    const caller = createCaller(deadline);
    const exchange = { caller, sending: undefined as Sending | undefined };
    open.set(id, exchange);
    const { body: first, rest, ...head } = await invoke({ ...request, body }, caller.patience);
    caller.answered();
    report({ kind: 'answer', id, answer: head, isStream: rest !== undefined }, [first]);
    if (rest) {
      exchange.sending = sendParts(rest, (part) => report({ kind: 'part', id }, [part]));
      const problem = await exchange.sending.done.then(() => undefined, messageOf);
      report({ kind: 'end', id, ...(problem !== undefined && { problem }) });
    }
    open.delete(id);
  };

  return {
    get openCount() {
      return open.size + (listener?.openCount ?? 0);
    },
    take(task, body) {
      if (task.kind === 'request') {
        void answer(task, body);
        return;
      }
      if (task.kind === 'taken') open.get(task.id)?.sending?.taken(task.bytes);
      else if (task.kind === 'order') {
        void doOrder?.(task.order).then((result) => report({ kind: 'done', id: task.id, result }));
      } else if (task.kind !== 'cancel') listener?.take(task, body);
      else {
        const exchange = open.get(task.id);
        exchange?.caller.leave();
        exchange?.sending?.cancel();
      }
    },
  };
}
