/** Runs a notebook, compares its outputs with the stored samples, and stores them if asked to. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ArgumentError, JobError } from '@algo/local';
import { executeNotebook } from './execute.js';
import { hasTag, type Notebook, nameOfCell, readNotebook, textOf, writtenNotebook } from './notebook.js';
import { sampleProblems, withOutputs } from './outputs.js';
import type { Python } from './python.js';

export interface NotebookRun {
  /** Of the notebook; as given in errors. */
  readonly file: string;
  /** The cells' working folder, which samples are in; default: that of the file. */
  readonly folder?: string | undefined;
  readonly python: Python;
  /** Of the kernel: where AWS is, and who asks. */
  readonly environment: NodeJS.ProcessEnv;
  /** What is typed into the cell with the tag `product-arn`, as a buyer does. It is not stored. */
  readonly arn?: string | undefined;
  /** Whether the file gets the outputs. */
  readonly isWritten: boolean;
  /** Hears of each code cell as it begins, and with its seconds when it has ended. */
  readonly onCell: (cell: string, seconds: number | undefined) => void;
  /** Interrupts the cell that runs; then only cells with the tag clean-up run. */
  readonly stop: AbortSignal;
}

/**
 * From the first cell to the last. The file stays as it is when a cell fails, or prints something else than its sample.
 * @throws JobError that names notebook, cell and cause
 */
export async function runNotebook(run: NotebookRun): Promise<void> {
  const { file, folder = dirname(file), python, environment, onCell, stop } = run;
  const notebook = readNotebook(file);
  const executed = await executeNotebook({
    notebook: run.arn === undefined ? notebook : withArn(notebook, run.arn, file),
    name: file,
    folder: resolve(folder),
    ...{ python, environment, stop },
    onCell: (index, seconds) => onCell(nameOfCell(notebook, index), seconds),
  });
  const problems = sampleProblems(executed, (path) => {
    const sample = join(folder, path);
    return existsSync(sample) ? readFileSync(sample, 'utf8') : undefined;
  });
  if (problems.length > 0) throw new JobError(problems.map((problem) => `${file}, ${problem}`).join('\n'));
  if (run.isWritten) writeFileSync(file, writtenNotebook(withOutputs(notebook, executed)));
}

// --- internal ---

/** Of the cell that a buyer fills in. */
const PRODUCT_ARN = 'product-arn';
/** In that cell: the placeholder that AWS's template has, or an ARN that the seller filled in. */
const PLACE = /"(<Customer [^"]*>|arn:aws[^"]*)"/;

/** @throws ArgumentError where no cell has a place for it */
function withArn(notebook: Notebook, arn: string, file: string): Notebook {
  const index = notebook.cells.findIndex((cell) => hasTag(cell, PRODUCT_ARN));
  const source = textOf(notebook.cells[index]?.source);
  if (!PLACE.test(source)) {
    throw new ArgumentError(
      `${file} must have a cell with the tag "${PRODUCT_ARN}" and a place for the ARN; it has none.`,
    );
  }
  const typed = source.replaceAll(new RegExp(PLACE, 'g'), JSON.stringify(arn));
  return { ...notebook, cells: notebook.cells.map((cell, i) => (i === index ? { ...cell, source: typed } : cell)) };
}
