/**
 * Which variant has which session: the platform sends a session's requests to the instance that opened it. An id is known
 * until its session is closed or has expired.
 */
import type { IncomingHttpHeaders } from 'node:http';

export const NEW_SESSION = 'NEW_SESSION';

export interface SessionRoutes {
  /** The variant of a session; undefined for one that is not known here. */
  variantOf(endpoint: string, session: string): string | undefined;
  /** Notes what an answer says of sessions. */
  note(endpoint: string, variant: string, headers: IncomingHttpHeaders): void;
}

/** @param now milliseconds since 1970; tests hand in theirs */
export function createSessionRoutes(now: () => number = Date.now): SessionRoutes {
  const routes = new Map<string, { readonly variant: string; readonly expiresAt: number }>();
  const keyOf = (endpoint: string, session: string) => `${endpoint}/${session}`; // no name of an endpoint has a slash
  return {
    variantOf(endpoint, session) {
      const route = routes.get(keyOf(endpoint, session));
      return route && route.expiresAt > now() ? route.variant : undefined;
    },
    note(endpoint, variant, headers) {
      const opened = openedSession(headers);
      if (opened) {
        for (const [key, { expiresAt }] of routes) if (expiresAt <= now()) routes.delete(key);
        routes.set(keyOf(endpoint, opened.id), { variant, expiresAt: opened.expiresAt });
      }
      const closed = headers['x-amzn-sagemaker-closed-session-id'];
      if (typeof closed === 'string') routes.delete(keyOf(endpoint, closed));
    },
  };
}

/** What a container says of a session that it has opened: by the guide's header, or by that of AWS's own containers. */
export function newSessionHeader(headers: IncomingHttpHeaders): string | undefined {
  const text = headers['x-amzn-sagemaker-session-id'] ?? headers['x-amzn-sagemaker-new-session-id'];
  return typeof text === 'string' && NEW_SESSION_TEXT.test(text) ? text : undefined;
}

// --- internal ---

/** The service model's NewSessionResponseHeader. */
const NEW_SESSION_TEXT = /^([a-zA-Z0-9](?:-*[a-zA-Z0-9])*);\sExpires=(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;

function openedSession(headers: IncomingHttpHeaders): { readonly id: string; readonly expiresAt: number } | undefined {
  const [, id, expires] = NEW_SESSION_TEXT.exec(newSessionHeader(headers) ?? '') ?? [];
  return id === undefined ? undefined : { id, expiresAt: Date.parse(expires!) };
}
