/** A notebook in the making: its cells in order, and the table of its contents, which follows from the headings. */
import type { Cell, CellMetadata, Notebook } from '../notebook.js';

export interface Page {
  /** Text in Markdown. */
  say(text: string): void;
  /** A heading of a section (2) or of a part of one (3), and text below it. */
  section(level: 2 | 3, heading: string, text?: string): void;
  /** Where the contents are. */
  contents(): void;
  /** Python; indented as its first line is. */
  run(source: string, metadata?: CellMetadata): void;
  notebook(): Notebook;
}

/** What Jupyter makes of a heading for links to it. */
export function anchorOf(heading: string): string {
  return heading.trim().replaceAll(' ', '-');
}

export function openPage(): Page {
  const cells: (Omit<Cell, 'id'> | 'contents')[] = [];
  const headings: { readonly level: 2 | 3; readonly heading: string }[] = [];
  const say = (text: string) => void cells.push({ cell_type: 'markdown', metadata: {}, source: text.trim() });
  return {
    say,
    section(level, heading, text = '') {
      headings.push({ level, heading });
      say(`${'#'.repeat(level)} ${heading}\n\n${text.trim()}`);
    },
    contents: () => void cells.push('contents'),
    run(source, metadata = {}) {
      cells.push({ cell_type: 'code', metadata, source: unindented(source), outputs: [], execution_count: null });
    },
    notebook: () => ({
      cells: cells.map((cell, i) => withId(cell === 'contents' ? contentsOf(headings) : cell, i)),
      metadata: {
        kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
        language_info: { name: 'python' },
      },
      ...{ nbformat: 4, nbformat_minor: 5 },
    }),
  };
}

// --- internal ---

function withId(cell: Omit<Cell, 'id'>, i: number): Cell {
  const { source } = cell;
  return { ...cell, id: `cell-${i + 1}`, source: String(source).split(/(?<=\n)/) };
}

function contentsOf(headings: readonly { readonly level: 2 | 3; readonly heading: string }[]): Omit<Cell, 'id'> {
  const items = headings.map(
    ({ level, heading }) => `${level === 2 ? '' : '   '}- [${heading}](#${anchorOf(heading)})`,
  );
  return { cell_type: 'markdown', metadata: {}, source: ['## Contents', '', ...items].join('\n') };
}

function unindented(source: string): string {
  const lines = source.replace(/^\n/, '').trimEnd().split('\n');
  const indent = /^ */.exec(lines[0]!)![0].length;
  return lines.map((line) => (line.slice(0, indent).trim() === '' ? line.slice(indent) : line)).join('\n');
}
