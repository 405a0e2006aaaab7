/** What goes wrong between a program and AWS, once or a few times for each call, over as many runs as it takes. */
import type { Around } from '../../src/publish/clients.js';

export interface Fault {
  /** For one run; the next run has the next fault. */
  around(): Around;
  /** The calls that have had it. */
  readonly calls: readonly string[];
}

/** As SIGKILL: the call is sent or not, and nothing is done after it. */
class Killed extends Error {
  override readonly name = 'Killed';
}

interface FaultOptions {
  /** For each call, over all runs. */
  readonly times: number;
  readonly isFor?: (call: string) => boolean;
}

/** @param moment whether AWS has done what the last call asked for */
export function killed(moment: 'before' | 'after', options: FaultOptions): Fault {
  return inTurn(options, async (next) => {
    if (moment === 'after') await next().catch(() => undefined); // whatever it answered
    throw new Killed(`killed ${moment} the call`);
  });
}

/** From one call on, nothing is answered but that the token has expired. */
export function expired(options: FaultOptions): Fault {
  return inTurn(options, async () => {
    throw serviceError('ExpiredTokenException', 'The security token included in the request is expired');
  });
}

/** A call is refused, and may be repeated: the run goes through. */
export function throttled(options: FaultOptions): Fault {
  const { take, calls } = counter(options);
  const around: Around = async (call, next) => {
    if (!take(call)) return next();
    if (/ \/v2\//.test(call)) return new Response('slow down', { status: 429 }); // the registry, which no client wraps
    throw serviceError('ThrottlingException', 'Rate exceeded');
  };
  return { calls, around: () => around };
}

/** The answers of some calls replaced. @param answers by call; undefined: AWS's own */
export function answering(answers: (call: string) => object | undefined): Around {
  return async (call, next) => {
    const answer = answers(call);
    return answer === undefined ? next() : { response: {}, output: { $metadata: {}, ...answer } };
  };
}

/** As the SDK makes it of an answer. */
export function serviceError(name: string, message: string): Error {
  const $metadata = { httpStatusCode: 400, attempts: 1 };
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata });
}

// --- internal ---

function inTurn(options: FaultOptions, fail: (next: () => Promise<unknown>) => Promise<never>): Fault {
  const { take, calls } = counter(options);
  return {
    calls,
    around() {
      let over: unknown;
      return async (call, next) => {
        if (over !== undefined) throw over;
        if (!take(call)) return next();
        try {
          return await fail(next);
        } catch (error) {
          over = error;
          throw error;
        }
      };
    },
  };
}

function counter({ times, isFor = () => true }: FaultOptions) {
  const counts = new Map<string, number>();
  const calls: string[] = [];
  const take = (one: string): boolean => {
    const call = one.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'UPLOAD'); // each has an id of its own
    const count = counts.get(call) ?? 0;
    if (!isFor(call) || count >= times) return false;
    counts.set(call, count + 1);
    calls.push(call);
    return true;
  };
  return { take, calls };
}
