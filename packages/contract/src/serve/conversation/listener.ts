/** The worker's end of conversations: messages come through its pipe, by the ids of the first process. */
import { type WireMessage, wireMessage } from '../../conversation/wire-message.js';
import { type Receiving, receiveParts, type Sending, sendParts } from '../part-flow.js';
import { type Caller, createCaller } from '../patience.js';
import type { Pieces } from '../pieces.js';
import { closeOf, NORMAL } from './close.js';
import type { Converse } from './converse.js';
import type { TalkReport, TalkTask } from './talk-message.js';

export interface Listener {
  readonly openCount: number;
  /** @param body of a message; empty otherwise */
  take(task: TalkTask, body: Uint8Array): void;
}

export function createListener(converse: Converse, report: (message: TalkReport, body?: Pieces) => void): Listener {
  const open = new Map<number, Talk>();

  const begin = async ({ id, head, deadline }: Extract<TalkTask, { kind: 'converse' }>) => {
    const caller = createCaller(deadline);
    const incoming = receiveParts<WireMessage>({
      taken: (bytes) => report({ kind: 'heard', id, bytes }),
      cancel: () => report({ kind: 'deaf', id }),
    });
    const onMetered = (units: number) => report({ kind: 'metered', id, units });
    const messages = converse(incoming.parts, head, caller.patience, onMetered);
    const sending = sendParts(messages, ({ bytes, isText, isLast }) =>
      report({ kind: 'said', id, isText, isLast }, [bytes]),
    );
    open.set(id, { caller, incoming, sending });
    const close = await sending.done.then(() => NORMAL, closeOf);
    open.delete(id);
    incoming.end();
    report({ kind: 'over', id, close });
  };

  return {
    get openCount() {
      return open.size;
    },
    take(task, body) {
      if (task.kind === 'converse') {
        void begin(task);
        return;
      }
      const talk = open.get(task.id);
      if (!talk) return;
      if (task.kind === 'message') talk.incoming.add(wireMessage(body, task.isText));
      else if (task.kind === 'complete') talk.incoming.end();
      else if (task.kind === 'sent') talk.sending.taken(task.bytes);
      else {
        talk.caller.leave();
        talk.incoming.end();
        talk.sending.cancel();
      }
    },
  };
}

// --- internal ---

interface Talk {
  readonly caller: Caller;
  readonly incoming: Receiving<WireMessage>;
  readonly sending: Sending;
}
