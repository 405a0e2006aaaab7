/** One conversation of a loaded model: the caller's messages in, the algorithm's out. Nothing here knows of sockets or pipes. */
import type { Algorithm } from '../../algorithm.js';
import type { Message } from '../../conversation/wire-message.js';
import { createMessageWriter, toMessage, type WireMessage } from '../../conversation/wire-message.js';
import { AlgorithmError, ClientError } from '../../errors.js';
import type { Log } from '../../log.js';
import { logFailure } from '../failure-log.js';
import type { Patience } from '../message.js';
import type { Parts } from '../part-flow.js';
import { CONVERSATION_PLACE } from './path.js';

/** What of the request a conversation depends on. */
export interface ConversationHead {
  /** Of the URL, without the question mark. */
  readonly query: string;
}

/** The algorithm's messages. `next` throws what the algorithm throws, which is in the log then. */
export type Converse = (
  incoming: Parts<WireMessage>,
  head: ConversationHead,
  patience: Patience,
  onMetered: (units: number) => void,
) => Parts<WireMessage>;

/** Undefined for an algorithm without conversations. @param model what `load` returned */
export function createConverse(algorithm: Algorithm, model: unknown, log: Log): Converse | undefined {
  if (!algorithm.converse) return undefined;
  return (incoming, { query }, patience, onMetered) => {
    const write = createMessageWriter();
    const { deadline } = patience;
    let iterator: AsyncIterator<Parameters<typeof write>[0]> | undefined;
    let isEnded = false;
    const begin = () => {
      const request = {
        query: new URLSearchParams(query),
        deadline,
        meter(units: number) {
          if (!Number.isFinite(units) || units <= 0) throw badUnits(units);
          if (algorithm.isMetered) onMetered(units);
        },
        get signal() {
          return patience.signal;
        },
      };
      return algorithm.converse!(model, messagesOf(incoming), request)[Symbol.asyncIterator]();
    };
    const leave = async () => {
      isEnded = true;
      await iterator?.return?.();
    };
    return {
      async next() {
        if (isEnded) return { value: undefined, done: true };
        try {
          iterator ??= begin();
          const given = await iterator.next();
          if (!given.done) return { value: write(given.value), done: false };
          isEnded = true;
          return { value: undefined, done: true };
        } catch (error) {
          if (!isEnded && !(error instanceof ClientError)) logFailure(log, error, CONVERSATION_PLACE);
          await leave().catch(() => {}); // the first error is the one to report
          throw error;
        }
      },
      return: leave,
    };
  };
}

// --- internal ---

function badUnits(units: unknown): AlgorithmError {
  return new AlgorithmError('E_ALGORITHM', `meter: expected a number > 0; received ${String(units)}.`);
}

/** `return` does not wait for whoever sends the messages: they are only not wanted any more. */
function messagesOf(incoming: Parts<WireMessage>): AsyncIterable<Message> {
  const iterator: AsyncIterator<Message> = {
    async next() {
      const given = await incoming.next();
      return given.done ? { value: undefined, done: true } : { value: toMessage(given.value), done: false };
    },
    async return() {
      incoming.return().catch(() => {});
      return { value: undefined, done: true };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
