/** A conversation in memory: messages given, messages got, without a socket or a process. */
import type { Message } from '../conversation/wire-message.js';
import { createMessageWriter, toMessage } from '../conversation/wire-message.js';
import { ClientError } from '../errors.js';
import type { Converse } from '../serve/conversation/converse.js';
import type { Parts } from '../serve/part-flow.js';
import { createCaller } from '../serve/patience.js';

export interface ConverseOptions {
  /** The caller's ModelQueryString. */
  readonly query?: string;
  /** Gets what `meter` is called with, of a definition that says isMetered. */
  readonly onMetered?: (units: number) => void;
}

/** Holds a conversation; leaving the loop over its messages is the caller's leaving. */
export type ConverseInMemory = (
  messages: Iterable<Message> | AsyncIterable<Message>,
  options?: ConverseOptions,
) => AsyncIterable<Message>;

/** @param converse of the loaded model; undefined for an algorithm without conversations */
export function converseInMemory(converse: Converse | undefined): ConverseInMemory {
  return async function* (messages, { query = '', onMetered = () => {} } = {}) {
    if (!converse) throw new ClientError('E_REQUEST_ROUTE', 'The algorithm must declare a conversation; it has none.');
    const caller = createCaller(Number.POSITIVE_INFINITY);
    const said = converse(incomingOf(messages), { query }, caller.patience, onMetered);
    let begun: Buffer[] = [];
    try {
      for (let given = await said.next(); !given.done; given = await said.next()) {
        begun.push(Buffer.from(given.value.bytes));
        if (!given.value.isLast) continue;
        yield toMessage({ ...given.value, bytes: Buffer.concat(begun) });
        begun = [];
      }
    } finally {
      caller.leave();
      await said.return();
    }
  };
}

// --- internal ---

function incomingOf(messages: Iterable<Message> | AsyncIterable<Message>): Parameters<Converse>[0] {
  const write = createMessageWriter();
  const iterator = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  const parts: Parts<ReturnType<typeof write>> = {
    async next() {
      const given = await iterator.next();
      return given.done ? { value: undefined, done: true } : { value: write(given.value), done: false };
    },
    return: async () => iterator.return?.(),
  };
  return parts;
}
