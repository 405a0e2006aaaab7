/** What a definition says of sessions, filled in, and the headers that they have. */

/** Stateful sessions of a definition. */
export interface Sessions {
  /** Open at a time in one container, over all its processes; default 1000. */
  readonly maxCount?: number;
  /** How long a session lives from its start; default 1200, what AWS's own containers say. SAGEMAKER_SESSIONS_EXPIRATION overrides it. */
  readonly lifeSeconds?: number;
}

export interface SessionRules {
  readonly maxCount: number;
  readonly lifeMs: number;
}

/** In requests, and of the answer that opens a session: SageMaker hands that one to the caller as NewSessionId. */
export const SESSION_HEADER = 'X-Amzn-SageMaker-Session-Id';
/** Of the answer that ends it: ClosedSessionId. */
export const CLOSED_SESSION_HEADER = 'X-Amzn-SageMaker-Closed-Session-Id';
/** In place of an id: open one. */
export const NEW_SESSION = 'NEW_SESSION';

/** @param seconds what the operator says, in place of the definition's */
export function sessionRules(sessions: Sessions | undefined, seconds: number | undefined): SessionRules | undefined {
  if (!sessions) return undefined;
  const { maxCount = MAX_COUNT, lifeSeconds = LIFE_SECONDS } = sessions;
  return { maxCount, lifeMs: (seconds ?? lifeSeconds) * 1000 };
}

/** What a request says of its session; the process that owns the sockets has seen that it is open. */
export interface SessionTask {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** It begins the session; any other needs what was left by those before. */
  readonly opens: boolean;
  /** Only this, and no prediction. */
  readonly isOnly?: 'NEW_SESSION' | 'CLOSE';
}

// --- internal ---

const MAX_COUNT = 1000;
const LIFE_SECONDS = 1200;
