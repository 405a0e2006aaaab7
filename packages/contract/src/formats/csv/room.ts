/**
 * The kernel's memory, laid out for the columns of a file: the block that is filled, and behind it the lines that are
 * still to be read (layout.ts).
 */
import type { Block } from '../block.js';
import { tableBytes, writeTable } from './column-table.js';
import { CsvLines } from './csv-lines.js';
import { type FileColumns, leadColumns, NO_COLUMNS } from './file-columns.js';
import { type CsvKernel, configureKernel, type TextHost } from './kernel.js';
import { blockArrays, type CsvLayout, type CsvOptions, layoutBlock } from './layout.js';

export class CsvRoom {
  readonly lines: CsvLines;
  readonly #options: CsvOptions;
  readonly #kernel: CsvKernel;
  readonly #texts: TextHost;
  #columns: FileColumns = NO_COLUMNS;
  #layout: CsvLayout;

  /** @param texts what the kernel calls for a text; parsers may take turns with a kernel, each with its own */
  constructor(options: CsvOptions, kernel: CsvKernel, texts: TextHost) {
    this.#options = options;
    this.#kernel = kernel;
    this.#texts = texts;
    this.#layout = layoutBlock(kernel.FREE_OFFSET.value, options, 0);
    this.lines = new CsvLines(kernel.memory, this.#layout.inputOffset);
  }

  get columns(): FileColumns {
    return this.#columns;
  }

  get layout(): CsvLayout {
    return this.#layout;
  }

  /** Makes room for the columns of a file, which are known with its first line. */
  arrange(columns: FileColumns): void {
    this.#columns = columns;
    this.resize(this.#options.maxRows);
  }

  /** Makes room for `maxRows` rows. Those that are there stay where they are: the features come first where they grow. */
  resize(maxRows: number | undefined): void {
    const options = maxRows === undefined ? this.#options : { ...this.#options, maxRows };
    const { count, isPlain, ofRow } = this.#columns;
    const offset = this.#kernel.FREE_OFFSET.value + (isPlain ? 0 : tableBytes(this.#kernel, count));
    this.#layout = layoutBlock(offset, options, count - leadColumns(options));
    this.lines.move(this.#layout.inputOffset);
    Object.assign(this.#kernel.texts, this.#texts);
    configureKernel(this.#kernel, this.#layout, options.policy);
    if (!isPlain) writeTable(this.#kernel, ofRow, this.#layout);
  }

  /** The first `rows` rows of the block, valid until anything else is done here. */
  arrays(rows: number): Pick<Block, 'columns' | 'features' | 'labelCount' | 'labels' | 'weights'> {
    return blockArrays(this.#kernel.memory, this.#layout, rows);
  }
}
