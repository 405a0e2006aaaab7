/**
 * What a conversation costs a buyer of a product that is priced by inference, on the stream of metadata that the platform opens
 * next to it: a text for each report, with up to one per second. What comes meanwhile is added up. Source: AWS, "usage-based
 * pricing for Amazon SageMaker bidirectional streaming".
 */
import type { ConversationSocket } from '../../conversation/definition.js';
import { wireMessage } from '../../conversation/wire-message.js';
import { DIMENSION } from '../metering.js';
import { NORMAL } from './close.js';

/** Where the platform opens the stream of metadata. */
export const METADATA_PATH = '/invocations-bidirectional-stream-metadata';
/** Both connections of a conversation have it. */
export const REQUEST_ID_HEADER = 'x-amzn-sagemaker-request-id';
/** In the answer to the request for a conversation: asks for the stream of metadata. */
export const SUPPORTED_HEADER = 'X-Amzn-SageMaker-Metadata-Stream-Supported: true';

export interface Meter {
  add(units: number): void;
  /** The stream of metadata is open. */
  attach(socket: ConversationSocket): void;
  /** Settles when all units are on their way; soon, where there is no stream for them. */
  flush(): Promise<void>;
  /** Units that were not sent. */
  readonly pending: number;
  close(): void;
}

/** @param intervalMs between reports */
export function createMeter(intervalMs: number): Meter {
  let pending = 0;
  let socket: ConversationSocket | undefined;
  let isClosed = false;
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let wake = () => {};
  const send = async () => {
    timer = undefined;
    const units = pending;
    pending = 0;
    lastAt = performance.now();
    const ClientToken = process.getBuiltinModule('node:crypto').randomUUID();
    const report = { Metering: { Dimension: DIMENSION, ConsumedUnits: units, ClientToken } };
    try {
      await socket?.send(wireMessage(Buffer.from(JSON.stringify(report)), true));
    } catch {
      pending += units; // the platform has closed it: nothing counts any more
      socket = undefined;
    }
    wake();
  };
  const schedule = () => {
    if (!socket || pending === 0 || timer) return;
    timer = setTimeout(send, Math.max(0, lastAt + intervalMs - performance.now()));
  };
  return {
    add(units) {
      pending += units;
      schedule();
    },
    attach(opened) {
      if (isClosed) return opened.close(NORMAL);
      socket?.close(NORMAL);
      socket = opened;
      opened.incoming.return().catch(() => {}); // the platform says nothing
      void opened.closed.then(() => {
        if (socket === opened) socket = undefined;
        wake();
      });
      schedule();
    },
    async flush() {
      while (socket && (pending > 0 || timer)) {
        schedule();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    get pending() {
      return pending;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      socket?.close(NORMAL);
    },
  };
}
