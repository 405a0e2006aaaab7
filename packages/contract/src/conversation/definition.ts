/**
 * A conversation: messages both ways over one connection, for as long as both sides want. On SageMaker it is the
 * container's end of InvokeEndpointWithBidirectionalStream. The protocol on the wire is a value of the definition, so that
 * programs without conversations carry no code of it.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Parts } from '../serve/part-flow.js';
import type { WireMessage } from './wire-message.js';

/** What a definition declares of its conversations. */
export interface ConversationDefinition {
  /** For buyers: what the messages are, both ways. */
  readonly description: string;
  /** Largest message of a caller in bytes, default 1 MiB, at most 25 MiB: a larger one ends the conversation. */
  readonly maxMessageBytes?: number;
  /** `webSocket` of @algo/contract/web-socket. */
  readonly protocol: ConversationProtocol;
}

/** What `converse` may know besides the messages. */
export interface ConversationRequest {
  /** The caller's ModelQueryString. */
  readonly query: URLSearchParams;
  /** Aborted when the caller has gone away or the time is over: nobody wants another message. */
  readonly signal: AbortSignal;
  /** When the conversation is ended: milliseconds since 1970. */
  readonly deadline: number;
  /**
   * Counts so many more inferences, where the definition says `isMetered`; without, or without calls, a conversation costs
   * nothing.
   * @throws AlgorithmError for units that are no number > 0
   */
  meter(units: number): void;
}

/** How conversations are held on the wire. */
export interface ConversationProtocol {
  /** Loads the code, once for each container. */
  load(limits: SocketLimits): Promise<AcceptConversation>;
}

/**
 * Takes over the connection of a request that asks for a conversation, answered with these lines of headers, too. Never rejects. Undefined when the request is not as the
 * protocol has it: it is answered then.
 */
export type AcceptConversation = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  headers: readonly string[],
) => Promise<ConversationSocket | undefined>;

export interface SocketLimits {
  readonly maxMessageBytes: number;
  /** How long the other side may take nothing of what is ready for it. */
  readonly unreadMs: number;
}

/** A connection on which messages come and go. */
export interface ConversationSocket {
  /** The caller's messages; no more of them are read than are asked for. */
  readonly incoming: Parts<WireMessage>;
  /** Settles when the message is on its way. Rejects when the other side has gone, or takes none of it. */
  send(message: WireMessage): Promise<void>;
  close(close: Close): void;
  /** Cuts the connection. */
  destroy(): void;
  /** Settles when the connection is closed, with the code that ended it. */
  readonly closed: Promise<number>;
}

/** How a conversation ends. */
export interface Close {
  /** RFC 6455, 7.4.1. The platform makes a ModelStreamError of all but 1000. */
  readonly code: number;
  /** At most 123 bytes of UTF-8. */
  readonly reason: string;
}
