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
  /** As `info`, for a line that may be written together with others of the same moment; absent: `info` does. */
  soon?(line: string): void;
}

/**
 * Writes to this process's stdout and stderr, both of which SageMaker sends to CloudWatch; synchronously and from any
 * thread, so that no line is lost or late when the process ends. Lines that may wait do so until the events of this moment
 * are processed, another line is written, or the process ends.
 */
export const consoleLog: Required<Omit<Log, 'facts'>> = {
  info(line) {
    writeGathered();
    writeWhole(STDOUT, `${plain(line)}\n`);
  },
  error(line) {
    writeGathered();
    writeWhole(STDERR, `${plain(line)}\n`);
  },
  soon(line) {
    if (gathered === '') setImmediate(writeGathered);
    if (!writesAtExit) process.once('exit', writeGathered);
    writesAtExit = true;
    const text = `${plain(line)}\n`;
    if (gathered.length + text.length > GATHERED_CHARS) writeGathered();
    gathered += text;
  },
};

/** Writes each line as a JSON object to `log`: `time`, `level` and `message`, or the facts. */
export function jsonLog(log: Log, now: () => Date = () => new Date()): Log {
  const lineOf = (level: 'info' | 'error', facts: object) => asciiJson({ time: now().toISOString(), level, ...facts });
  return {
    info: (message) => log.info(lineOf('info', { message })),
    error: (message) => log.error(lineOf('error', { message })),
    facts(facts) {
      const line = lineOf('info', facts);
      if (log.soon) log.soon(line);
      else log.info(line);
    },
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

/** Lines for stdout that are not written yet. */
let gathered = '';
let writesAtExit = false;
/** PIPE_BUF of Linux: lines of several processes in one pipe do not get into each other. */
const GATHERED_CHARS = 4096;

function writeGathered(): void {
  if (gathered === '') return;
  const text = gathered;
  gathered = '';
  writeWhole(STDOUT, text);
}

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
