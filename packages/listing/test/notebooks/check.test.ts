import { describe, expect, it } from 'vitest';
import { notebookProblems } from '../../src/notebooks/check.js';
import type { Cell, Notebook } from '../../src/notebooks/notebook.js';
import { withOutputs } from '../../src/notebooks/outputs.js';
import { code, markdown, notebookOf, printed } from '../support/notebooks.js';

const cells = [markdown('# Title\n\n[Train](#1.-Train)'), markdown('## 1. Train'), code('print(1)')];

const withoutOutputs = ({ outputs: _, ...cell }: Cell): Cell => cell;

function run(notebook: Notebook, ...outputs: Parameters<typeof code>[2] & object): Notebook {
  const executed = notebook.cells.map((cell) => ({ ...cell, execution_count: 1, outputs }));
  return withOutputs(notebook, { ...notebook, cells: executed });
}

describe('a stored notebook', () => {
  it('that was run as it is has no problems', () => {
    expect(notebookProblems(run(notebookOf(...cells), printed('1\n')), undefined)).toEqual([]);
  });

  it.each([
    ['was never run', notebookOf(...cells), /^must have the outputs of a run; it was not run/],
    [
      'was changed after its run',
      { ...run(notebookOf(...cells)), cells: [...run(notebookOf(...cells)).cells, markdown('New.')] },
      /^must have been run since its last change/,
    ],
    [
      'has a cell that ended with an error',
      run(notebookOf(...cells), { output_type: 'error', ename: 'ValueError' }),
      /^cell 3 \("1\. Train"\) must have ended well; it ended with an error$/,
    ],
    [
      'has a cell without a run',
      { ...run(notebookOf(...cells)), cells: [...cells.slice(0, 2), withoutOutputs(cells[2]!)] },
      /^cell 3 \("1\. Train"\) must have ended well; it was not run$/,
    ],
    [
      'has a link in its contents that leads nowhere',
      run(notebookOf(markdown('[Tune](#5.-Tune)'), ...cells)),
      /^each link must lead to a heading; there is none for #5\.-Tune$/,
    ],
    [
      'names no kernel',
      ((one) => ({ ...one, metadata: { executed: one.metadata.executed! } }))(run(notebookOf(...cells))),
      /kernelspec\.name is required/,
    ],
  ] satisfies readonly (readonly [string, Notebook, RegExp])[])(
    'that %s has that problem alone',
    (_, notebook, problem) => {
      expect(notebookProblems(notebook, undefined)).toEqual([expect.stringMatching(problem)]);
    },
  );
});
