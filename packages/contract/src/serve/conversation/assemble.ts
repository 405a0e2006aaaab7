/** The conversations of a container, of an algorithm that declares them. */
import type { Algorithm } from '../../algorithm.js';
import type { WorkerPool } from '../worker-pool.js';
import { type Conversations, type ConversationsOptions, createConversations } from './conversations.js';

export interface ConversationTimes {
  /** How long one may take in all; default: what the platform waits for. */
  readonly conversationMs: number;
  readonly unreadMs: number;
  /** Between two reports of what a conversation costs; default: the platform's minimum. */
  readonly meteringMs: number;
}

/** What the platform gives a bidirectional stream from beginning to end. */
const CONVERSATION_MS = 30 * 60 * 1000;
/** How long a caller may take nothing of what is ready for it. */
const UNREAD_MS = 20_000;

/** One report per second, or the platform may drop some. */
const METERING_MS = 1000;

export function conversationsOf(
  { conversation: definition, isMetered = false }: Algorithm,
  pool: Pick<WorkerPool, 'ready' | 'replace'>,
  parts: Pick<ConversationsOptions, 'unavailable' | 'budget' | 'log' | 'counts'>,
  {
    conversationMs: totalMs = CONVERSATION_MS,
    unreadMs = UNREAD_MS,
    meteringMs = METERING_MS,
  }: Partial<ConversationTimes> = {},
): Conversations | undefined {
  return (
    definition &&
    createConversations({
      definition,
      workers: pool.ready,
      replace: pool.replace,
      ...parts,
      totalMs,
      unreadMs,
      meteringMs,
      isMetered,
    })
  );
}
