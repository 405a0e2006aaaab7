/** What a request to the path of conversations gets that does not ask for one, or that an algorithm has none for. */
import { ClientError } from '../../errors.js';
import { type Answer, errorAnswer } from '../message.js';
import { CONVERSATION_PATH } from './path.js';

/** @param hasConversations of the algorithm's definition, and not of many models */
export function withoutConversation(hasConversations: boolean): Answer {
  if (!hasConversations) {
    return errorAnswer(
      new ClientError(
        'E_REQUEST_ROUTE',
        `${CONVERSATION_PATH} is for algorithms that declare a conversation, in a container of one model; there is none here. Use /invocations.`,
      ),
    );
  }
  const message = `${CONVERSATION_PATH} must be opened as a WebSocket: GET with "Upgrade: websocket".`;
  const answer = errorAnswer(new ClientError('E_REQUEST_METHOD', message), 426);
  return { ...answer, headers: { ...answer.headers, Upgrade: 'websocket', Connection: 'Upgrade' } };
}
