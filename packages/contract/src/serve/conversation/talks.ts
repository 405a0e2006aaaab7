/** The first process's end of the conversations that one worker holds: two flows of messages each, through its pipe. */
import type { Close } from '../../conversation/definition.js';
import { type WireMessage, wireMessage } from '../../conversation/wire-message.js';
import { type Parts, type Receiving, receiveParts, type Sending, sendParts } from '../part-flow.js';
import { joined, type Pieces } from '../pieces.js';
import { Closing } from './close.js';
import type { ConversationHead } from './converse.js';
import type { TalkReport, TalkTask } from './talk-message.js';

export interface Talks {
  readonly openCount: number;
  /** The worker's messages; `next` throws Closing when it ends the conversation otherwise than normally. */
  begin(incoming: Parts<WireMessage>, options: TalkOptions): Parts<WireMessage>;
  take(report: TalkReport, body: Pieces): void;
  /** The worker has ended. */
  lose(): void;
}

export interface TalkOptions {
  readonly head: ConversationHead;
  readonly deadline: number;
  /** Gets the units of isMetered. */
  readonly onMetered: (units: number) => void;
}

export function createTalks(send: (task: TalkTask, body?: Pieces) => void): Talks {
  const open = new Map<number, Talk>();
  let nextId = 0;
  let isLost = false;

  const end = (id: number, problem?: Error) => {
    const talk = open.get(id);
    open.delete(id);
    talk?.outgoing.end(problem);
    talk?.sending?.cancel();
  };

  return {
    get openCount() {
      return open.size;
    },
    begin(incoming, { head, deadline, onMetered }) {
      const id = nextId++;
      const tell = (task: TalkTask, body?: Pieces) => open.has(id) && send(task, body);
      const outgoing = receiveParts<WireMessage>({
        taken: (bytes) => tell({ kind: 'sent', id, bytes }),
        cancel: () => tell({ kind: 'hangup', id }),
      });
      const talk: Talk = { outgoing, onMetered, sending: undefined };
      if (isLost) {
        outgoing.end(new Closing(LOST));
        return outgoing.parts;
      }
      open.set(id, talk);
      send({ kind: 'converse', id, head, deadline });
      talk.sending = sendParts(incoming, ({ bytes, isText }) => tell({ kind: 'message', id, isText }, [bytes]));
      void talk.sending.done.catch(() => {}).then(() => tell({ kind: 'complete', id }));
      return outgoing.parts;
    },
    take(report, body) {
      const talk = open.get(report.id);
      if (!talk) return;
      if (report.kind === 'said') talk.outgoing.add(wireMessage(joined(body), report.isText, report.isLast));
      else if (report.kind === 'heard') talk.sending?.taken(report.bytes);
      else if (report.kind === 'metered') talk.onMetered(report.units);
      else if (report.kind === 'deaf') talk.sending?.cancel();
      else end(report.id, report.close.code === 1000 ? undefined : new Closing(report.close));
    },
    lose() {
      isLost = true;
      for (const id of [...open.keys()]) end(id, new Closing(LOST));
    },
  };
}

// --- internal ---

const LOST: Close = { code: 1011, reason: 'The worker process ended during this conversation.' };

interface Talk {
  readonly outgoing: Receiving<WireMessage>;
  readonly onMetered: (units: number) => void;
  /** Of the caller's messages. */
  sending: Sending | undefined;
}
