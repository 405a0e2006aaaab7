/**
 * The sessions whose state this process has. Requests of one session are predicted one after the other, a stream to its
 * end, so that each finds the state that the one before has left.
 */
import type { Session } from '../../prediction.js';
import type { Answer } from '../message.js';
import type { Parts } from '../part-flow.js';
import { CLOSED_SESSION_HEADER, type SessionTask } from './session-rules.js';

export interface OpenSessions {
  /** How many are open. */
  readonly count: number;
  /** The answer of `call`, which gets the session; of a session that it closed, with a header that says so. */
  run(task: SessionTask, call: (session: Session) => Promise<Answer>): Promise<Answer>;
}

/** @param control the answer to a request that only opens or closes one */
export function createOpenSessions(control: Answer): OpenSessions {
  const open = new Map<string, Held>();
  const enter = ({ id, expiresAt }: SessionTask): Held => {
    const known = open.get(id);
    if (known) return known;
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
      const isNew = !open.has(task.id);
      const held = enter(task);
      const { session, last } = held;
      const turn = Promise.withResolvers<void>();
      held.last = turn.promise;
      await last;
      if (task.isOnly === 'CLOSE') session.close();
      const answer = task.isOnly ? control : await call(session);
      // One that could not be opened is none.
      if (session.isClosed || (isNew && answer.status >= 300)) leave(session.id);
      if (!answer.rest) turn.resolve();
      return {
        ...answer,
        ...(session.isClosed && { headers: { ...answer.headers, [CLOSED_SESSION_HEADER]: session.id } }),
        ...(answer.rest && { rest: thenEnd(answer.rest, turn.resolve) }),
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

/** `parts`, after whose end `onEnd` is called, however it comes. */
function thenEnd(parts: Parts, onEnd: () => void): Parts {
  return {
    async next() {
      try {
        const part = await parts.next();
        if (part.done) onEnd();
        return part;
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    return: () => parts.return().finally(onEnd),
  };
}
