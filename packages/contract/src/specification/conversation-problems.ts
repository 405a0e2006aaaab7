/** What of a definition's conversations the SDK could not follow. */
import type { Algorithm } from '../algorithm.js';
import { MAX_MESSAGE_BYTES } from '../conversation/message-limit.js';

/** A sentence each. */
export function conversationProblems({ conversation, converse }: Algorithm): string[] {
  if (!conversation && !converse) return [];
  if (!conversation) return ['With converse there must be a conversation: its description and protocol.'];
  const { description, maxMessageBytes: bytes = 1 } = conversation;
  return [
    ...(converse ? [] : ['With conversation there must be converse, the function that holds one.']),
    ...(description.length > 0 ? [] : ['conversation: the description must say what the messages are; it is empty.']),
    ...(Number.isInteger(bytes) && bytes >= 1 && bytes <= MAX_MESSAGE_BYTES
      ? []
      : [`conversation: maxMessageBytes must be an integer in [1, ${MAX_MESSAGE_BYTES}]; received ${bytes}.`]),
  ];
}
