/** What the first process and a door say to each other, on Node's channel, which alone can carry sockets. */
import type { CountsTaken } from '../metrics/request-counts.js';

/** To a door: `open` comes with the listening socket. */
export type DoorTask =
  | { readonly kind: 'open'; readonly limits: DoorLimits }
  /** Whether the container can answer; while it can't, the first process says why on every connection. */
  | { readonly kind: 'available'; readonly isAvailable: boolean }
  | { readonly kind: 'drain' };

/** See ServerTimeouts. */
export interface DoorLimits {
  readonly keepAliveMs: number;
  readonly headersMs: number;
  readonly checkMs: number;
  readonly unreadMs: number;
  /** Of a body. */
  readonly maxBytes: number;
}

/** From a door. */
export type DoorReport =
  /** Comes with a connection; what was read of it and not answered, in base64. */
  | { readonly kind: 'connection'; readonly unread: string }
  | { readonly kind: 'counts'; readonly counts: CountsTaken }
  /** All its connections are closed or handed over. */
  | { readonly kind: 'drained' };
