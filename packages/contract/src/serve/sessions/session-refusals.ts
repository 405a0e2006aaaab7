/** Answers to requests of sessions that there are none of. */
import { ClientError, PlatformError } from '../../errors.js';
import { type Answer, errorAnswer, shorten } from '../message.js';
import { NEW_SESSION, SESSION_HEADER } from './session-rules.js';

/** To a request that names a session where there are none. @param owner what has none */
export function refuseSession(owner: string, id = ''): Answer {
  const message = `Header ${SESSION_HEADER} must be left out, since ${owner} has no sessions; received "${shorten(id)}".`;
  return errorAnswer(new ClientError('E_SESSION', message));
}

/** To one whose session has ended, or never was. */
export function unknownSession(id: string): Answer {
  const message = `Header ${SESSION_HEADER} must be ${NEW_SESSION} or the id of an open session, not one that is closed, has expired or was lost with its process; received "${shorten(id)}".`;
  return errorAnswer(new ClientError('E_SESSION', message));
}

/** To one that would open one more than there may be. */
export function tooManySessions(maxCount: number): Answer {
  const message = `There may be ${maxCount} sessions at a time, and as many are open. Close one, or retry later.`;
  return errorAnswer(new PlatformError('E_BUSY', message));
}
