/** Executes a notebook in a kernel of its own, by python/run_notebook.py. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { JobError } from '@algo/local';
import { type Notebook, nameOfCell, readNotebook, writtenNotebook } from './notebook.js';
import { PYTHON_FOLDER, type Python } from './python.js';

export interface Execution {
  readonly notebook: Notebook;
  /** As errors name it. */
  readonly name: string;
  /** The cells' working folder. */
  readonly folder: string;
  readonly python: Python;
  /** Of the kernel: where AWS is, and who asks. */
  readonly environment: NodeJS.ProcessEnv;
  /** Hears of each code cell, by its index: as it begins, and with its seconds when it has ended. */
  readonly onCell: (index: number, seconds: number | undefined) => void;
  readonly stop: AbortSignal;
}

/**
 * The notebook with its outputs.
 * @throws JobError that names notebook, cell and cause. The cells with the tag clean-up have run then, too
 */
export async function executeNotebook(execution: Execution): Promise<Notebook> {
  const { notebook, name, folder, python, environment, onCell, stop } = execution;
  const work = mkdtempSync(join(tmpdir(), 'algo-notebook-'));
  const [source, target] = [join(work, 'source.ipynb'), join(work, 'target.ipynb')];
  writeFileSync(source, writtenNotebook(notebook));
  try {
    const child = spawn(python.program, [join(PYTHON_FOLDER, 'run_notebook.py'), source, target, folder], {
      env: { ...environment, ...python.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = () => child.kill('SIGTERM');
    if (stop.aborted) end();
    stop.addEventListener('abort', end, { once: true });
    let [printed, failure] = ['', undefined as Event | undefined];
    child.stderr.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-STDERR_CHARS);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Event;
      if (event.error === undefined) onCell(event.cell, event.seconds);
      else failure = event;
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    }).finally(() => stop.removeEventListener('abort', end));
    if (stop.aborted) throw new JobError(`${name}: stopped`);
    if (failure) throw new JobError(`${name}, ${nameOfCell(notebook, failure.cell)}: ${failure.error}`);
    if (code !== 0) throw new JobError(`${name}: the notebook could not be executed: ${printed.trim()}`);
    return readNotebook(target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// --- internal ---

interface Event {
  readonly cell: number;
  readonly seconds?: number;
  readonly error?: string;
}

/** The end of a traceback. */
const STDERR_CHARS = 4000;
