/**
 * A large body predicted in parts from while it comes, by the workers that have nothing else to do: receiving, reading and
 * predicting take place at the same time, and one answer is made of theirs. It is that of the whole body, byte for byte: where a
 * part is refused, for whatever reason, the body is answered as a whole by one worker, and what is wrong is said of its rows.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Dispatcher } from '../dispatcher.js';
import type { Answer, Bytes } from '../message.js';
import { METERING_HEADER, meteringOfUnits } from '../metering.js';
import { byteLength, type Pieces } from '../pieces.js';
import type { RequestHead } from '../worker-message.js';
import type { WorkerProcess } from '../worker-process.js';
import { firstLine, LineParts, lastLine } from './line-parts.js';
import type { SpreadPlan } from './spread-plan.js';

export interface SpreadBody {
  /** Takes the next piece of the body. */
  add(piece: Uint8Array): void;
  /** Once all of it was taken: its answer, or undefined where it must be answered as a whole. */
  finish(): Promise<Answer<Bytes> | undefined>;
}

export interface SpreadOptions {
  readonly request: RequestHead;
  readonly plan: SpreadPlan;
  /** Of the whole body, in bytes. */
  readonly length: number;
  readonly dispatcher: Pick<Dispatcher, 'invoke' | 'isIdle'>;
  /** How many there are. */
  readonly workers: number;
  readonly left: () => AbortSignal;
  /** Of a part; default: 512 KiB. */
  readonly leastBytes?: number;
}

export function spreadBody(options: SpreadOptions): SpreadBody {
  const { request, plan, length, dispatcher, workers, left, leastBytes = LEAST_BYTES } = options;
  const parts = new LineParts();
  const answers: Promise<Answer<Bytes>>[] = [];
  const settled = Promise.withResolvers<void>();
  let header: Uint8Array | undefined;
  let takenBytes = 0;
  let openCount = 0;
  let isGivenUp = false;
  /** The answer to the whole, where a worker has ended or the caller has left. */
  let lost: Answer<Bytes> | undefined;

  const ask = async (body: Pieces): Promise<Answer<Bytes>> => {
    let worker: WorkerProcess | undefined;
    const onWorker = (chosen: WorkerProcess) => {
      worker = chosen;
    };
    openCount += 1;
    const answer = await dispatcher.invoke({ ...request, part: PART, body }, left, { onWorker });
    openCount -= 1;
    if (answer.status !== 200 || answer.rest) {
      isGivenUp = true;
      // What has ended one worker must not end another, and nobody waits for more.
      if (left().aborted || (answer.status >= 500 && worker?.isReady === false)) lost = answer;
      await answer.rest?.return().catch(ignore);
    }
    next();
    return answer;
  };

  /** Hands out what has come: one part whoever is busy, as any request is, and more to workers that are idle. */
  const next = () => {
    while (!isGivenUp && (openCount === 0 || dispatcher.isIdle)) {
      const rest = length - takenBytes;
      const body = parts.take(Math.min(MOST_BYTES, Math.max(leastBytes, rest / (PARTS_PER_WORKER * workers))));
      if (!body) break;
      takenBytes += byteLength(body);
      isGivenUp = !plan.standsAlone(firstLine(body)) || !plan.standsAlone(lastLine(body));
      if (isGivenUp) break;
      answers.push(ask(header ? [header, ...body] : body));
      if (plan.hasHeader) header ??= Buffer.from(firstLine(body));
    }
    if (isGivenUp || parts.isDone) settled.resolve();
  };

  return {
    add(piece) {
      parts.add(piece);
      next();
    },
    async finish() {
      parts.complete();
      next();
      await settled.promise;
      const all = await Promise.all(answers);
      return isGivenUp ? lost : joinAnswers(all, plan);
    },
  };
}

// --- internal ---

/** What is before a part does not matter: nobody sees its errors. */
const PART = { records: 0, bytes: 0, isSpread: true } as const;

/** Parts become smaller towards the end of a body, so that all workers are done with it at about the same time. */
const PARTS_PER_WORKER = 2;
/** Smaller parts cost more than they gain, and larger ones would keep other requests waiting. */
const LEAST_BYTES = 512 * 1024;
const MOST_BYTES = 2 * 1024 * 1024;

/** @returns undefined where the answers differ in what is said once only */
function joinAnswers(answers: readonly Answer<Bytes>[], { frame }: SpreadPlan): Answer<Bytes> | undefined {
  const rows = answers.reduce((sum, answer) => sum + (answer.rows ?? 0), 0);
  const headersOf = ({ headers }: Answer<Bytes>) =>
    METERING_HEADER in headers ? { ...headers, [METERING_HEADER]: meteringOfUnits(rows) } : headers;
  const [headers, ...others] = answers.map(headersOf);
  if (!headers || others.some((other) => !isDeepStrictEqual(other, headers))) return undefined;
  const between = textOf(frame?.between);
  const bodies = answers.flatMap(({ body }, index) => [...(index > 0 ? between : []), ...piecesOf(body)]);
  return { status: 200, headers, body: [...textOf(frame?.before), ...bodies, ...textOf(frame?.after)], rows };
}

function piecesOf(body: Bytes): Pieces {
  return body instanceof Uint8Array ? [body] : body;
}

function textOf(text = ''): Pieces {
  return text === '' ? [] : [Buffer.from(text)];
}

function ignore(): void {}
