/** The notebooks of this repository, as they are committed. CI executes them. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notebookProblems } from '../../src/notebooks/check.js';
import { readNotebook, textOf } from '../../src/notebooks/notebook.js';
import { accountIn, fingerprintOf } from '../../src/notebooks/outputs.js';
import { missingInCleanUp } from '../support/python-names.js';

const ROOT = join(import.meta.dirname, '../../../..');
const files = globSync('notebooks/*/*.ipynb', { cwd: ROOT });

it('are there', () => {
  expect(files).toContain('notebooks/sellers/scikit_bring_your_own.ipynb');
});

describe.each(files)('%s', (file) => {
  const notebook = readNotebook(join(ROOT, file));
  const codeCells = notebook.cells.filter((cell) => cell.cell_type === 'code');

  it('has the outputs of its cells as they are, without account numbers and paths of a machine', () => {
    const outputs = JSON.stringify(codeCells.map((cell) => cell.outputs));

    expect(notebook.metadata.executed?.source, 'run algo notebook run --write').toBe(fingerprintOf(notebook));
    expect(accountIn(notebook)).toBeUndefined();
    expect(outputs).not.toMatch(/\/tmp\/|\/home\/|\/root\/|"output_type":"error"/);
  });

  it('has a kernel, and links that lead to headings', () => {
    expect(notebookProblems(notebook, undefined)).toEqual([]);
  });

  it.skipIf(notebook.metadata.kernelspec?.name !== 'python3')(
    'needs nothing for its clean-up that a run may not have come to',
    () => {
      expect(missingInCleanUp(notebook)).toEqual([]);
    },
  );

  it('explains each code cell in the cell before it', () => {
    const alone = notebook.cells.filter(
      (cell, i) => cell.cell_type === 'code' && notebook.cells[i - 1]?.cell_type !== 'markdown',
    );

    expect(alone.map((cell) => textOf(cell.source).slice(0, 60))).toEqual([]);
  });
});

describe.each(['scikit_bring_your_own', 'xgboost_bring_your_own_model'])("the sellers' notebook %s", (name) => {
  it('gives each job, model and endpoint a name that no earlier run has had', () => {
    const { cells } = readNotebook(join(ROOT, `notebooks/sellers/${name}.ipynb`));
    const source = cells.filter(({ cell_type }) => cell_type === 'code').map((cell) => textOf(cell.source));
    const names = source
      .join('\n')
      .match(/\b(TrainingJob|TransformJob|Model|ModelPackage|EndpointConfig|Endpoint)Name=\w+/g);

    expect(source.join('\n')).toMatch(/^JOB = .* \+ time\.strftime\(/m);
    expect(names!.length).toBeGreaterThan(5);
    expect(names!.filter((one) => !one.endsWith('=JOB'))).toEqual([]);
  });
});
