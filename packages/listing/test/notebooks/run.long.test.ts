/** Real kernels, in the environment that the command makes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { notebookPython, type Python, runNotebook } from '../../src/index.js';
import { type Cell, readNotebook, writtenNotebook } from '../../src/notebooks/notebook.js';
import { fingerprintOf } from '../../src/notebooks/outputs.js';
import { code, markdown, notebookOf } from '../support/notebooks.js';

let python: Python;
beforeAll(async () => {
  python = await notebookPython(process.env, () => undefined);
});

function fileOf(...cells: readonly Cell[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.ipynb'), writtenNotebook(notebookOf(...cells)));
  return join(folder, 'a.ipynb');
}

function run(
  file: string,
  more: { arn?: string; isWritten?: boolean; onCell?: (cell: string, s?: number) => void } = {},
) {
  const { signal: stop } = new AbortController();
  const { isWritten = false, onCell = () => undefined, arn } = more;
  return runNotebook({ file, python, environment: process.env, arn, isWritten, onCell, stop });
}

it('runs the cells in the folder of the file, says which cell runs, and stores outputs without account numbers', async () => {
  const cells: string[] = [];
  const file = fileOf(
    markdown('# Title'),
    code('from pathlib import Path\nPath("made.txt").write_text("1")\nprint("arn:aws:iam::865070037744:role/x")'),
  );

  await run(file, { isWritten: true, onCell: (cell, seconds) => seconds !== undefined && cells.push(cell) });

  const stored = readNotebook(file);
  expect(cells).toEqual(['cell 2 ("Title")']);
  expect(existsSync(join(file, '..', 'made.txt'))).toBe(true);
  expect(stored.cells[1]).toMatchObject({
    execution_count: 1,
    outputs: [{ text: ['arn:aws:iam::111122223333:role/x\n'] }],
  });
  expect(stored.metadata.executed).toEqual({ source: fingerprintOf(stored) });
});

it('keeps outputs that come long after the end of their cell', async () => {
  // The kernel's thread for outputs is busy for longer than nbclient waits by itself, 4 s; the end of the cell does not wait for it.
  const busy = [
    'import sys, time',
    'sys.stdout.flush_timeout = sys.stderr.flush_timeout = 0',
    'get_ipython().kernel.iopub_thread.schedule(lambda: time.sleep(6))',
    'display("late")',
  ].join('\n');
  const file = fileOf(code(busy));

  await run(file, { isWritten: true });

  expect(readNotebook(file).cells[0]).toMatchObject({ outputs: [{ data: { 'text/plain': ["'late'"] } }] });
});

it('ends at a cell that fails, naming notebook, cell and cause, and still runs the clean-up', async () => {
  const file = fileOf(
    markdown('## 3. Train'),
    code('rows = []\nrows[0]'),
    code('open("after.txt", "w").close()'),
    code('open("clean.txt", "w").close()', { tags: ['clean-up'] }),
  );
  const before = readFileSync(file, 'utf8');

  await expect(run(file, { isWritten: true })).rejects.toThrow(
    `${file}, cell 2 ("3. Train"): IndexError: list index out of range`,
  );

  expect(existsSync(join(file, '..', 'after.txt'))).toBe(false);
  expect(existsSync(join(file, '..', 'clean.txt'))).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('says when the clean-up fails, too, and still runs its other cells', async () => {
  const file = fileOf(
    markdown('## 3. Train'),
    code('rows = []\nrows[0]'),
    code('rows.missing', { tags: ['clean-up'] }),
    code('open("clean.txt", "w").close()', { tags: ['clean-up'] }),
  );

  await expect(run(file)).rejects.toThrow(
    `IndexError: list index out of range\nThe clean-up failed, too, in cell 3 ("3. Train"): AttributeError: 'list' object has no attribute 'missing'\nDelete what its cells have made.`,
  );

  expect(existsSync(join(file, '..', 'clean.txt'))).toBe(true);
});

it('says which kernel is missing', async () => {
  const file = fileOf(code('1'));
  const notebook = readNotebook(file);
  const kernelspec = { name: 'no-such-kernel', display_name: 'None' };
  writeFileSync(file, writtenNotebook({ ...notebook, metadata: { ...notebook.metadata, kernelspec } }));

  await expect(run(file)).rejects.toThrow(
    `${file}: the notebook could not be executed: the kernel "no-such-kernel" must be where Jupyter finds it (JUPYTER_PATH), but is not; install it`,
  );
});

it('fails where a cell prints something else than its sample, and stores nothing', async () => {
  const file = fileOf(code('print("2")', { tags: ['sample-output'], sample: 'answer.txt' }));
  writeFileSync(join(file, '..', 'answer.txt'), '1\n');
  const before = readFileSync(file, 'utf8');

  await expect(run(file, { isWritten: true })).rejects.toThrow('cell 1: the output must equal answer.txt');

  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('types the ARN into its cell for the run only', async () => {
  const typed = { tags: ['product-arn'] };
  const source = 'arn = "<Customer to specify algorithm ARN corresponding to their AWS region>"\nprint(arn)';
  const file = fileOf(code(source, typed));

  await run(file, { arn: 'arn:aws:sagemaker:us-east-1:1:algorithm/a', isWritten: true });

  const [cell] = readNotebook(file).cells;
  expect(cell!.source).toBe(source);
  expect(cell!.outputs).toMatchObject([{ text: ['arn:aws:sagemaker:us-east-1:1:algorithm/a\n'] }]);
  await expect(run(fileOf(code('1')), { arn: 'arn:aws:x' })).rejects.toThrow('a cell with the tag "product-arn"');
});

it('says when the kernel of a cell ends, and that nothing is cleaned up then', async () => {
  const file = fileOf(code('import os\nos._exit(3)'), code('1', { tags: ['clean-up'] }));

  await expect(run(file)).rejects.toThrow(
    /cell 1: the kernel ended(.|\n)*The clean-up failed, too, in cell 2: the kernel ended(.|\n)*Delete what its cells have made/,
  );
});

/** Waits for long, after it has written the number of its process. */
const WAIT = 'import os, time\nopen("pid", "w").write(str(os.getpid()))\nos.rename("pid", "started")\ntime.sleep(600)';

it('when it is stopped, interrupts the cell, runs the clean-up to its end, and ends the kernel', async () => {
  const file = fileOf(
    code(WAIT),
    code('open("after.txt", "w").close()'),
    code('time.sleep(0.2)\nopen("clean.txt", "w").close()', { tags: ['clean-up'] }),
    code('open("clean2.txt", "w").close()', { tags: ['clean-up'] }),
  );
  const controller = new AbortController();
  const { signal: stop } = controller;
  const running = runNotebook({
    file,
    python,
    environment: process.env,
    isWritten: false,
    onCell: () => undefined,
    stop,
  });
  const started = join(file, '..', 'started');

  await expect.poll(() => existsSync(started)).toBe(true);
  controller.abort();

  await expect(running).rejects.toThrow(`${file}: stopped; then its clean-up ran`);
  expect(['after.txt', 'clean.txt', 'clean2.txt'].map((made) => existsSync(join(file, '..', made)))).toEqual([
    ...[false, true, true],
  ]);
  const pid = Number(readFileSync(started, 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

/** The program alone, in a cell with `WAIT`. */
async function startProgram(file: string) {
  const folder = join(file, '..');
  const script = join(import.meta.dirname, '../../python/run_notebook.py');
  const child = spawn(python.program, [script, file, join(folder, 'out.ipynb'), folder], {
    env: { ...process.env, ...python.variables },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'close');
  await expect.poll(() => existsSync(join(folder, 'started'))).toBe(true);
  return { child, folder, ended };
}

it('ends with the process that started it, as at a second Ctrl-C', async () => {
  const file = fileOf(code(WAIT), code('open("clean.txt", "w").close()', { tags: ['clean-up'] }));
  const { child, folder, ended } = await startProgram(file);

  child.stdin.end();

  expect(await ended).toEqual([1, null]);
  const pid = Number(readFileSync(join(folder, 'started'), 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
  expect(existsSync(join(folder, 'clean.txt'))).toBe(false);
});

it('ends immediately at a second SIGTERM', async () => {
  const wait = 'open("cleaning", "w").close()\ntime.sleep(600)';
  const file = fileOf(code(WAIT), code(wait, { tags: ['clean-up'] }));
  const { child, folder, ended } = await startProgram(file);

  child.kill('SIGTERM');
  await expect.poll(() => existsSync(join(folder, 'cleaning'))).toBe(true);
  child.kill('SIGTERM');

  expect(await ended).toEqual([1, null]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
