/** What is wrong with a stored notebook, without running it. */
import { type Notebook, nameOfCell, textOf } from './notebook.js';
import { accountIn, fingerprintOf, type ReadSample, sampleProblems } from './outputs.js';
import { anchorOf } from './template/page.js';

/** @param read samples; undefined: outputs are not compared with them */
export function notebookProblems(notebook: Notebook, read: ReadSample | undefined): readonly string[] {
  const { metadata } = notebook;
  const account = accountIn(notebook);
  return [
    ...(metadata.kernelspec?.name ? [] : ['metadata.kernelspec.name is required; it is missing']),
    ...runProblems(notebook),
    ...(account === undefined ? [] : [`outputs must have no account numbers; found ${account}`]),
    ...linkProblems(notebook),
    ...(read ? sampleProblems(notebook, read) : []),
  ];
}

// --- internal ---

const RUN_AGAIN = 'run it with "algo notebook run NAME --write"';

function runProblems(notebook: Notebook): readonly string[] {
  const { cells, metadata } = notebook;
  if (metadata.executed === undefined) return [`must have the outputs of a run; it was not run: ${RUN_AGAIN}`];
  if (metadata.executed.source !== fingerprintOf(notebook)) {
    return [`must have been run since its last change; its cells are others than those that were run: ${RUN_AGAIN}`];
  }
  return cells.flatMap((cell, i) => {
    if (cell.cell_type !== 'code') return [];
    const isRun = Array.isArray(cell.outputs); // not every kernel counts
    const hasError = cell.outputs?.some(({ output_type }) => output_type === 'error') ?? false;
    if (isRun && !hasError) return [];
    return [
      `${nameOfCell(notebook, i)} must have ended well; ${hasError ? 'it ended with an error' : 'it was not run'}`,
    ];
  });
}

/** Links to headings of the same page, as the table of contents has them. */
function linkProblems({ cells }: Notebook): readonly string[] {
  const texts = cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => textOf(source));
  const headings = texts.flatMap((text) => [...text.matchAll(/^#+ +(.*\S)/gm)].map((match) => anchorOf(match[1]!)));
  const links = texts.flatMap((text) => [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]!));
  return links
    .filter((link) => !headings.includes(link))
    .map((link) => `each link must lead to a heading; there is none for #${link}`);
}
