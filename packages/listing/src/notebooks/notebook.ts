/**
 * Notebooks of Jupyter, nbformat 4: https://nbformat.readthedocs.io/en/latest/format_description.html. Only what is read or
 * written here has a type.
 */
import { readFileSync } from 'node:fs';
import { ArgumentError, messageOf } from '@algo/local';

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: NotebookMetadata;
  readonly nbformat: 4;
  readonly nbformat_minor: number;
}

export interface NotebookMetadata {
  readonly kernelspec?: { readonly name: string; readonly display_name: string; readonly language?: string };
  /** Of the cells that the outputs are of; undefined where no run has been stored. */
  readonly executed?: { readonly source: string };
  readonly [other: string]: unknown;
}

export interface Cell {
  readonly id?: string;
  readonly cell_type: 'markdown' | 'code' | 'raw';
  readonly metadata: CellMetadata;
  /** Lines, each but the last with its line break, or all of them as one text. */
  readonly source: Text;
  /** Of a code cell. */
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
}

export interface CellMetadata {
  readonly tags?: readonly string[];
  /** With the tag `sample-output`: the file that the printed text equals, from the notebook's folder. */
  readonly sample?: string;
  /** Of that file, from its start; default: all. */
  readonly lines?: number;
  readonly [other: string]: unknown;
}

export interface Output {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  /** Of a stream: stdout or stderr. */
  readonly name?: string;
  readonly text?: Text;
  /** By media type. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

/** Tag of a cell that deletes what the notebook has made: it also runs after a failure. */
export const CLEAN_UP = 'clean-up';

export type Text = string | readonly string[];

/** @throws ArgumentError when the file cannot be read, or is no notebook of nbformat 4 */
export function readNotebook(file: string): Notebook {
  let value: Partial<Notebook> | null;
  try {
    value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Notebook> | null;
  } catch (error) {
    throw new ArgumentError(`${file} must be a notebook: ${messageOf(error)}.`);
  }
  if (value?.nbformat !== 4 || !Array.isArray(value.cells)) {
    throw new ArgumentError(`${file} must be a notebook with cells and nbformat 4; received ${value?.nbformat}.`);
  }
  return value as Notebook;
}

/** As Jupyter writes it: one blank per level, and a line break at the end. */
export function writtenNotebook(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

export function textOf(text: Text | undefined): string {
  return typeof text === 'string' ? text : (text ?? []).join('');
}

export function hasTag({ metadata }: Cell, tag: string): boolean {
  return metadata.tags?.includes(tag) ?? false;
}

/** `cell 7 ("## 3. Train")`: a cell by its number, counted from 1, and the heading above it. */
export function nameOfCell({ cells }: Notebook, index: number): string {
  const heading = cells
    .slice(0, index + 1)
    .filter((cell) => cell.cell_type === 'markdown')
    .map((cell) => /^#+ +(.*\S)/m.exec(textOf(cell.source))?.[1])
    .findLast((found) => found !== undefined);
  return `cell ${index + 1}${heading === undefined ? '' : ` ("${heading}")`}`;
}
