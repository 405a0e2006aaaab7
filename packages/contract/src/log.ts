/**
 * The one place that prints. Plain lines, errors to stderr, no colour; a tab becomes a blank because SageMaker's log
 * agent rewrites tabs (contract: metric lines of the XGBoost container show `#011`). File names and values of others
 * reach the log: they can neither begin a line nor pass for a metric, which the service finds by its name alone.
 */
import { write, writeSync } from 'node:fs';
import { visible } from './visible.js';

export interface Log {
  info(line: string): void;
  error(line: string): void;
  /** Facts by name, for programs that read the log; only where its lines are JSON. */
  facts?(facts: Readonly<Record<string, unknown>>): void;
}

/**
 * Writes to this process's stdout and stderr, both of which SageMaker sends to CloudWatch; synchronously and from any
 * thread, so that no line is lost or late when the process ends.
 */
export const consoleLog: Log = {
  info: (line) => writeWhole(STDOUT, `${plain(line)}\n`),
  error: (line) => writeWhole(STDERR, `${plain(line)}\n`),
};

/** Writes each line as a JSON object to `log`: `time`, `level` and `message`, or the facts. */
export function jsonLog(log: Log, now: () => Date = () => new Date()): Log {
  const write = (level: 'info' | 'error', facts: object) => {
    log[level](asciiJson({ time: now().toISOString(), level, ...facts }));
  };
  return {
    info: (message) => write('info', { message }),
    error: (message) => write('error', { message }),
    facts: (facts) => write('info', facts),
  };
}

/** The same, never waiting for the reader of the log; `written` resolves when all lines are written. */
export function unblockedLog(): Log & { written(): Promise<void> } {
  let last = Promise.resolve();
  const enqueue = (file: number, line: string) => {
    last = last.then(() => new Promise((resolve) => write(file, `${plain(line)}\n`, () => resolve())));
  };
  return {
    info: (line) => enqueue(STDOUT, line),
    error: (line) => enqueue(STDERR, line),
    written: () => last,
  };
}

/** Keeps the lines, for tests. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    info: (line) => void lines.push(plain(line)),
    error: (line) => void lines.push(plain(line)),
  };
}

// --- internal ---

const STDOUT = 1;
const STDERR = 2;

/** How long to wait for the reader of a full pipe before the next try. */
const RETRY_MS = 5;

/** A log that nobody reads any more (EPIPE), or that has no room, must not end the work that it reports. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, RETRY_MS);
    }
  }
}

/** A line of `name=value` pairs and nothing else, as metrics are written. */
const PAIRS = /^[^\s=]+=[^\s=]+(?: [^\s=]+=[^\s=]+)*$/;
/** The blank before what would be found as a metric, such as `validation:rmse=0.1`. */
const BEFORE_METRIC = / (?=[^\s=]*:[^\s=]*=[-+]?\d)/g;

/** With escapes of JSON itself: those that `visible` makes of rare characters are none of its. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function plain(line: string): string {
  const shown = visible(line.replaceAll('\t', ' '));
  return PAIRS.test(shown) ? shown : shown.replaceAll(BEFORE_METRIC, '\\u0020');
}
