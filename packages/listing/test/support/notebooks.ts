/** Small notebooks. */
import type { Cell, Notebook, Output } from '../../src/notebooks/notebook.js';

export function notebookOf(...cells: readonly Cell[]): Notebook {
  const kernelspec = { name: 'python3', display_name: 'Python 3' };
  return { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 4 };
}

export function markdown(source: string): Cell {
  return { cell_type: 'markdown', metadata: {}, source };
}

export function code(source: string, metadata: Cell['metadata'] = {}, outputs: readonly Output[] = []): Cell {
  return { cell_type: 'code', metadata, source, outputs, execution_count: null };
}

export function printed(text: string): Output {
  return { output_type: 'stream', name: 'stdout', text: text.split(/(?<=\n)/) };
}
