/** Executes a notebook in a kernel of its own, by python/run_notebook.py. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { JobError } from '@algo/local';
import { CLEAN_UP, hasTag, type Notebook, nameOfCell, readNotebook, writtenNotebook } from './notebook.js';
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
  /** Interrupts the cell that runs; then only cells with the tag clean-up run. */
  readonly stop: AbortSignal;
}

/**
 * The notebook with its outputs.
 * @throws JobError that names notebook, cell and cause. The cells with the tag clean-up have run then, too; where they have not, or
 * have failed, it says so
 */
export async function executeNotebook(execution: Execution): Promise<Notebook> {
  const { notebook, name, folder, python, environment, onCell, stop } = execution;
  const work = mkdtempSync(join(tmpdir(), 'algo-notebook-'));
  const [source, target] = [join(work, 'source.ipynb'), join(work, 'target.ipynb')];
  writeFileSync(source, writtenNotebook(notebook));
  try {
    const child = spawn(python.program, [join(PYTHON_FOLDER, 'run_notebook.py'), source, target, folder], {
      env: { ...environment, ...python.variables },
      stdio: ['pipe', 'pipe', 'pipe'], // stdin ends when this process does, and the program with it
      detached: true, // a group of its own: this process decides what a signal to its group means for the notebook
    });
    const end = () => child.kill('SIGTERM');
    if (stop.aborted) end();
    stop.addEventListener('abort', end, { once: true });
    let printed = '';
    const problems: Event[] = [];
    let isBegun = false;
    child.stderr.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-STDERR_CHARS);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Event;
      const { cell, error, unclean, stopped, seconds } = event;
      if (cell === undefined || (error ?? unclean ?? stopped) !== undefined) problems.push(event);
      else onCell(cell, seconds);
      isBegun = true;
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    }).finally(() => stop.removeEventListener('abort', end));
    if (stop.aborted || problems.length > 0) throw new JobError(`${name}${endOf(notebook, problems, isBegun)}`);
    if (code !== 0) throw new JobError(`${name}: the notebook could not be executed: ${printed.trim()}`);
    return readNotebook(target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// --- internal ---

/** What the program prints. */
interface Event {
  readonly cell?: number;
  readonly seconds?: number;
  readonly error?: string;
  readonly stopped?: true;
  /** Why a cell of the clean-up failed after that. */
  readonly unclean?: string;
}

/** Why a notebook has not come to its end, and whether it was cleaned up. */
function endOf(notebook: Notebook, problems: readonly Event[], isBegun: boolean): string {
  const place = ({ cell }: Event) => nameOfCell(notebook, cell!);
  const failure = problems.find(({ error }) => error !== undefined);
  const hasCleanUp = isBegun && notebook.cells.some((cell) => hasTag(cell, CLEAN_UP));
  const isOrderly = problems.length > 0; // not ended immediately
  const reason = failure
    ? `, ${place(failure)}: ${failure.error}`
    : `: stopped${hasCleanUp ? (isOrderly ? '; then its clean-up ran' : ' before its clean-up') : ''}`;
  const unclean = problems.filter((event) => event.unclean !== undefined);
  const failed = unclean.map((event) => `\nThe clean-up failed, too, in ${place(event)}: ${event.unclean}`).join('');
  const isLeft = unclean.length > 0 || (hasCleanUp && !isOrderly);
  return `${reason}${failed}${isLeft ? '\nDelete what its cells have made.' : ''}`;
}

/** The end of a traceback. */
const STDERR_CHARS = 4000;
