/** What the first process and a worker say to each other about a conversation, besides worker-message.ts. */
import type { Close } from '../../conversation/definition.js';
import type { ConversationHead } from './converse.js';

/**
 * To a worker: hold this conversation; a message of the caller, the frame's body; no message follows; so much of yours has been
 * sent on; the caller has gone.
 */
export type TalkTask =
  | { readonly kind: 'converse'; readonly id: number; readonly head: ConversationHead; readonly deadline: number }
  | { readonly kind: 'message'; readonly id: number; readonly isText: boolean }
  | { readonly kind: 'complete'; readonly id: number }
  | { readonly kind: 'sent'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'hangup'; readonly id: number };

/** From a worker: a message, the frame's body; so much of the caller's has been taken; no more of it is wanted; units; the end. */
export type TalkReport =
  | { readonly kind: 'said'; readonly id: number; readonly isText: boolean; readonly isLast: boolean }
  | { readonly kind: 'heard'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'deaf'; readonly id: number }
  | { readonly kind: 'metered'; readonly id: number; readonly units: number }
  | { readonly kind: 'over'; readonly id: number; readonly close: Close };

const REPORTS: ReadonlySet<string> = new Set<TalkReport['kind']>(['said', 'heard', 'deaf', 'metered', 'over']);

export function isTalkReport(report: { readonly kind: string }): report is TalkReport {
  return REPORTS.has(report.kind);
}
