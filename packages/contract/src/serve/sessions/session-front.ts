/**
 * Requests of stateful sessions, in the process that owns the sockets: each goes to the worker that has the session's
 * state. Sources: AWS guide "Stateful sessions with Amazon SageMaker AI models"; observed (model-hosting-container-standards)
 * for bodies that only open or close a session.
 */
import type { Dispatcher } from '../dispatcher.js';
import type { Answer, Bytes, Forward, InvocationRequest } from '../message.js';
import { byteLength, joined, type Pieces } from '../pieces.js';
import { refuseSession, tooManySessions, unknownSession } from './session-refusals.js';
import { CLOSED_SESSION_HEADER, NEW_SESSION, SESSION_HEADER, type SessionRules } from './session-rules.js';
import { createSessionTable, type SessionEntry } from './session-table.js';

export interface SessionFrontOptions {
  /** Undefined: the algorithm has no sessions. */
  readonly rules: SessionRules | undefined;
  readonly dispatcher: Pick<Dispatcher, 'invoke'>;
  readonly now?: () => number;
}

/** Answers requests that have a session id. */
export function createSessionFront({ rules, dispatcher, now }: SessionFrontOptions): Forward {
  if (!rules) return async (request) => refuseSession('this algorithm', request.sessionId);
  const table = createSessionTable(rules, now);

  const open: Forward = async (request, left) => {
    const entry = table.open();
    if (!entry) return tooManySessions(rules.maxCount);
    const session = { id: entry.id, expiresAt: entry.expiresAt, opens: true, ...only(request, NEW_SESSION) };
    const answer = await dispatcher.invoke({ ...request, session }, left, {
      onWorker: (worker) => {
        entry.worker = worker;
      },
    });
    const isOpen = answer.status < 300 && !(CLOSED_SESSION_HEADER in answer.headers);
    if (!isOpen) table.close(entry.id);
    return answer.status < 300 ? withSession(answer, entry) : answer;
  };

  const resume = async (entry: SessionEntry, request: InvocationRequest<Pieces>, left?: () => AbortSignal) => {
    const { id, expiresAt, worker } = entry;
    const session = { id, expiresAt, opens: false, ...only(request, 'CLOSE') };
    const answer = await dispatcher.invoke({ ...request, session }, left, { worker });
    if (CLOSED_SESSION_HEADER in answer.headers) table.close(id);
    return answer;
  };

  return async (request, left) => {
    const { sessionId = '' } = request;
    if (sessionId === NEW_SESSION) return open(request, left);
    const entry = table.find(sessionId);
    return entry ? resume(entry, request, left) : unknownSession(sessionId);
  };
}

// --- internal ---

/** Of a body that says nothing but this, which no prediction is made for. */
const MAX_CONTROL_BYTES = 128;

/** `{"requestType":"CLOSE"}`: what AWS's own containers take. */
function only(
  { body }: InvocationRequest<Pieces>,
  type: typeof NEW_SESSION | 'CLOSE',
): { readonly isOnly?: typeof type } {
  if (byteLength(body) > MAX_CONTROL_BYTES) return {};
  const [, found] = /^\s*\{\s*"requestType"\s*:\s*"(\w+)"\s*\}\s*$/.exec(Buffer.from(joined(body)).toString()) ?? [];
  return found === type ? { isOnly: type } : {};
}

function withSession(answer: Answer<Bytes>, { id, expiresAt }: SessionEntry): Answer<Bytes> {
  const expires = new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...answer, headers: { ...answer.headers, [SESSION_HEADER]: `${id}; Expires=${expires}` } };
}
