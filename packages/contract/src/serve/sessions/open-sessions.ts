/**
 * The sessions whose state this process has. Requests of one session are predicted one after the other, a stream to its
 * end, so that each finds the state that the one before has left.
 */
import type { Session } from '../../prediction.js';
import type { Answer } from '../message.js';
import { thenEnd } from '../part-flow.js';
import { unknownSession } from './session-refusals.js';
import { CLOSED_SESSION_HEADER, type SessionTask } from './session-rules.js';

export interface OpenSessions {
  /** How many are open. */
  readonly count: number;
  /**
   * The answer of `call`, which gets the session; of a session that it closed, with a header that says so. A request whose
   * session has ended while it waited is refused: there is no state that it could continue with.
   */
  run(task: SessionTask, call: (session: Session) => Promise<Answer>): Promise<Answer>;
}

/** @param control the answer to a request that only opens or closes one */
export function createOpenSessions(control: Answer): OpenSessions {
  const open = new Map<string, Held>();
  const enter = ({ id, expiresAt }: SessionTask): Held => {
    const timer = setTimeout(() => open.delete(id), Math.min(MAX_TIMER_MS, expiresAt - Date.now())).unref();
    const held: Held = { session: createSession(id, expiresAt), last: Promise.resolve(), timer };
    open.set(id, held);
    return held;
  };
  const leave = (id: string) => {
    clearTimeout(open.get(id)?.timer);
    open.delete(id);
  };
  return {
    get count() {
      return open.size;
    },
    async run(task, call) {
      const held = task.opens ? enter(task) : open.get(task.id);
      if (!held) return unknownSession(task.id);
      const { session, last } = held;
      const turn = Promise.withResolvers<void>();
      held.last = turn.promise;
      await last;
      const isOver = session.isClosed;
      if (task.isOnly === 'CLOSE') session.close();
      const answer = isOver ? unknownSession(task.id) : task.isOnly ? control : await call(session);
      const end = () => {
        // One that could not be opened is none.
        if (session.isClosed || (task.opens && answer.status >= 300)) leave(session.id);
        turn.resolve();
      };
      if (!answer.rest) end();
      const isLast = session.isClosed && !isOver;
      return {
        ...answer,
        ...(isLast && { headers: { ...answer.headers, [CLOSED_SESSION_HEADER]: session.id } }),
        ...(answer.rest && { rest: thenEnd(answer.rest, end) }),
      };
    },
  };
}

// --- internal ---

interface Held {
  readonly session: HeldSession;
  /** Settles when its last request is done. */
  last: Promise<void>;
  readonly timer: NodeJS.Timeout;
}

interface HeldSession extends Session {
  readonly isClosed: boolean;
}

/** Node's timers take no longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function createSession(id: string, expiresAt: number): HeldSession {
  let isClosed = false;
  return {
    id,
    expiresAt,
    state: undefined,
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
    },
  };
}
