/**
 * Finds a job's metrics while the job runs, in a thread of its own: an expression that takes long holds up nothing but the
 * metrics of this job. The thread starts with the first line, and gets what has come meanwhile a batch at a time.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { JobError, messageOf } from '../errors.js';
import type { MetricDefinition } from './metric-definition.js';
import { checkMetrics, type FoundMetrics, type MetricValue } from './training-metrics.js';

export interface MetricSearchOptions {
  readonly definitions: readonly MetricDefinition[];
  /** Gets the metrics in the order of the lines. */
  readonly onMetric: (metric: MetricValue) => void;
  /** Gets a sentence for the log about metrics that are not found, and why. */
  readonly onNote: (note: string) => void;
  /** How long an expression may take for a batch; tests of one that takes for ever set a shorter limit. */
  readonly limitMs?: number;
}

export interface MetricSearch {
  /** Takes a line of the log. */
  add(line: string): void;
  /** Settles when all lines are searched. @throws Error of the listeners */
  finish(): Promise<void>;
  /** Settles when the thread has ended. What it has not found by then is not reported. */
  close(): Promise<void>;
}

/** What the thread starts with. */
export interface MetricThreadData {
  readonly definitions: readonly MetricDefinition[];
  readonly limitMs: number;
}

/** For a batch and an expression: a thousand times what one needs, so that a busy machine drops none. */
const LIMIT_MS = 2000;
/** Of a batch, by its lines: little enough that expressions with quadratic time stay in the limit. */
const BATCH_CHARS = 64 * 1024;
/** What a line costs beyond its text. */
const LINE_CHARS = 32;
/** Of lines that wait; those that come then are not searched, so that a program cannot fill our memory. */
const WAITING_CHARS = 16 * 1024 * 1024;

/** @throws JobError when an expression is none, naming its metric */
export function openMetricSearch({
  definitions,
  onMetric,
  onNote,
  limitMs = LIMIT_MS,
}: MetricSearchOptions): MetricSearch {
  checkMetrics(definitions);
  const waiting: Batch[] = [];
  let waitingChars = 0;
  let skipped = 0;
  let isOver = definitions.length === 0;
  let thread: MetricThread | undefined;
  let searching: Promise<void> | undefined;
  const search = async () => {
    thread ??= startThread({ definitions, limitMs });
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      const { metrics, notes } = await thread.find(batch.lines).catch((error): FoundMetrics => {
        waiting.length = 0;
        if (isOver) return { metrics: [], notes: [] };
        isOver = true;
        return { metrics: [], notes: [`Metrics are searched no more: ${messageOf(error)}.`] };
      });
      waitingChars -= batch.chars;
      for (const metric of metrics) onMetric(metric);
      for (const note of notes) onNote(note);
    }
    searching = undefined;
  };
  return {
    add(line) {
      if (isOver) return;
      const chars = line.length + LINE_CHARS;
      if (waitingChars + chars > WAITING_CHARS) {
        skipped += 1;
        return;
      }
      waitingChars += chars;
      const last = waiting.at(-1);
      if (last && last.chars + chars <= BATCH_CHARS) {
        last.lines.push(line);
        last.chars += chars;
      } else waiting.push({ lines: [line], chars });
      if (searching) return;
      searching = search();
      searching.catch(() => undefined); // reported by `finish`
    },
    async finish() {
      await searching;
      if (skipped > 0)
        onNote(`Metrics were not searched in ${skipped} lines, which came faster than they can be searched.`);
    },
    async close() {
      isOver = true;
      await thread?.close();
    },
  };
}

// --- internal ---

/** As it was built: a thread starts from JavaScript. The path is the same from `src` and `dist`. */
const PROGRAM = new URL('../../dist/training/metric-thread.js', import.meta.url);

interface Batch {
  readonly lines: string[];
  chars: number;
}

interface MetricThread {
  /** One request at a time. @throws Error of a thread that ended */
  find(lines: readonly string[]): Promise<FoundMetrics>;
  close(): Promise<void>;
}

function startThread(workerData: MetricThreadData): MetricThread {
  const worker = new Worker(PROGRAM, { workerData });
  let asked: { resolve(found: FoundMetrics): void; reject(error: unknown): void } | undefined;
  let end: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    end = { error };
    asked?.reject(error);
  };
  worker.on('message', (found: FoundMetrics) => asked?.resolve(found));
  once(worker, 'exit').then(([code]) => fail(new JobError(`their thread ended with exit code ${code}`)), fail);
  return {
    find: (lines) =>
      new Promise((resolve, reject) => {
        if (end) reject(end.error);
        asked = { resolve, reject };
        worker.postMessage(lines);
      }),
    async close() {
      await worker.terminate();
    },
  };
}
