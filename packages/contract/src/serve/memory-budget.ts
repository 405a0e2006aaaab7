/**
 * How many bytes of bodies and answers the container holds at a time. A request that does not fit is refused before its
 * body is read: without a bound, ninety callers of 25 MiB each would end a container of 1 GiB, and all its other calls.
 */

export interface MemoryBudget {
  /** Bytes that requests hold now. */
  readonly used: number;
  /** What all requests together may hold; may change while the container lives. */
  limit: number;
  /** Room for one more request, or undefined where there is none. @param bytes its declared length, 0 when unknown */
  reserve(bytes: number): Reservation | undefined;
}

/** What one request holds. */
export interface Reservation {
  /** Notes what has come of the body; whether there is room for it. */
  receive(bytes: number): boolean;
  /** The body is held no more. */
  releaseBody(): void;
  /** Counts the answer until all is released; it is there already, so it cannot be refused. */
  holdAnswer(bytes: number): void;
  release(): void;
}

/** What a request takes without body and answer: its socket, headers and the objects around them. */
const REQUEST_BYTES = 16 * 1024;
/** A body that has paused for this long counts with the bytes that have arrived, not with its declared length. */
const STALLED_MS = 2_000;

export interface MemoryBudgetOptions {
  /** Milliseconds; a test's own clock. */
  readonly now?: () => number;
  /** Gets the bytes that requests hold, whenever they change. */
  readonly onUse?: (bytes: number) => void;
}

export function createMemoryBudget(limit: number, options: MemoryBudgetOptions = {}): MemoryBudget {
  const { now = () => performance.now(), onUse } = options;
  const held = new Set<Holding>();
  let used = 0;

  const resize = (holding: Holding, bytes: number) => {
    used += bytes - holding.bytes;
    holding.bytes = bytes;
    onUse?.(used);
  };
  /** Takes room back from those that announced a body and do not send it. */
  const dropPromises = () => {
    const late = now() - STALLED_MS;
    for (const holding of held) {
      if (holding.isReceiving && holding.lastAt < late) {
        resize(holding, Math.min(holding.bytes, REQUEST_BYTES + holding.received));
      }
    }
  };
  /** One alone is always let in: its length has a limit of its own. */
  const fits = (bytes: number, others: number) => others === 0 || used + bytes <= budget.limit;
  const hasRoom = (bytes: number, others: number) => {
    if (fits(bytes, others)) return true;
    dropPromises();
    return fits(bytes, others);
  };

  const budget: MemoryBudget = {
    get used() {
      return used;
    },
    limit,
    reserve(declared) {
      const bytes = REQUEST_BYTES + declared;
      if (!hasRoom(bytes, held.size)) return undefined;
      const holding: Holding = { bytes: 0, received: 0, lastAt: now(), isReceiving: true };
      resize(holding, bytes);
      held.add(holding);
      return {
        receive(count) {
          holding.received += count;
          holding.lastAt = now();
          const missing = REQUEST_BYTES + holding.received - holding.bytes;
          if (missing > 0) {
            if (!hasRoom(missing, held.size - 1)) return false;
            resize(holding, holding.bytes + missing);
          }
          return true;
        },
        releaseBody() {
          holding.isReceiving = false;
          if (held.has(holding)) resize(holding, REQUEST_BYTES);
        },
        holdAnswer(count) {
          holding.isReceiving = false;
          if (held.has(holding)) resize(holding, holding.bytes + count);
        },
        release() {
          if (held.delete(holding)) resize(holding, 0);
        },
      };
    },
  };
  return budget;
}

// --- internal ---

interface Holding {
  bytes: number;
  received: number;
  lastAt: number;
  /** Whether its body is still coming. */
  isReceiving: boolean;
}
