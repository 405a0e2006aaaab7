/**
 * A request body of CSV rows as one block. Rows of inference have features only: no label, no weight. The kernel writes
 * the rows of a large body where the algorithm reads them: its memory is lent to the request.
 */
import { ClientError } from '../../errors.js';
import type { Block, ValuePolicy } from '../block.js';
import { pushBody } from '../block-parser.js';
import type { TextColumns } from '../categories/text-columns.js';
import { planColumns, positioned } from '../column-plan.js';
import { copyBlock } from '../join-blocks.js';
import { lend } from '../lending.js';
import { lineAfter } from '../text/lines.js';
import type { HeaderMode } from './content-type.js';
import type { HeaderRule } from './header.js';
import { type CsvKernel, createCsvKernel } from './kernel.js';
import { CsvParser } from './parser.js';

export interface CsvBufferOptions {
  readonly policy: ValuePolicy;
  /** Columns every row must have; default: as many as the first row has. */
  readonly featureCount?: number;
  /** See BlockOptions. */
  readonly precision?: 'float64' | 'float32';
  /** Names of the model's columns, in order, which those of a header line must be. */
  readonly featureNames?: readonly string[];
  /** Default 'absent'. */
  readonly header?: HeaderMode;
  /** Which columns hold text; absent: none. */
  readonly texts?: TextColumns;
}

/**
 * All rows of `body`, in arrays that are the caller's until it gives them back; see formats/lending.ts. Undefined where
 * it is nothing but the header line that `auto` found: a batch transform with one record per request sends it alone. With
 * `present` that is an error, since each row of such a job would be taken for a header line.
 * @param body at least one line that is not blank
 * @throws ClientError naming row and column of the first bad value; E_DATA_EMPTY when there is no row
 */
export function readCsvBuffer(body: Uint8Array, options: CsvBufferOptions & { header?: 'absent' | 'present' }): Block;
export function readCsvBuffer(body: Uint8Array, options: CsvBufferOptions): Block | undefined;
export function readCsvBuffer(body: Uint8Array, options: CsvBufferOptions): Block | undefined {
  const short = body.length <= SHORT_BYTES ? readShort(body, options) : undefined;
  if (short) return short;
  const kernel = kernels.pop() ?? createCsvKernel();
  let isLent = false;
  try {
    const { header: mode = 'absent', ...others } = options;
    const header = mode === 'absent' ? undefined : headerRule(mode, options);
    const maxRows = guessRows(body, options.featureCount);
    const parser = new CsvParser({ ...others, header, labelCount: 0, isOneBlock: true, maxRows }, kernel);
    let block: Block | undefined;
    pushBody(body, parser, 'row', (all) => {
      block = all;
    });
    if (!block && mode === 'auto') return undefined;
    if (!block) throw noRow(mode);
    if (body.length <= COPIED_BYTES) return copyBlock(block);
    isLent = true;
    return lend(block, () => keep(kernel));
  } finally {
    if (!isLent) keep(kernel);
  }
}

// --- internal ---

/** Bodies up to this are read by a parser that is there already, which costs a request of one row half of its time. */
const SHORT_BYTES = 16 * 1024;
/** For as many options, of which a model has one, those that were last used. */
const SHORT_READERS = 4;
/** Of a new one; more make its memory grow. */
const SHORT_ROWS = 16;

interface ShortReader {
  readonly options: CsvBufferOptions;
  readonly kernel: CsvKernel;
  readonly parser: CsvParser;
  /** Whether a request has its rows. */
  isLent: boolean;
  takeBack(): void;
}

/** The last used first. */
const shortReaders: ShortReader[] = [];

/** Undefined where that parser cannot be used: rows of another request are in it, or a header line decides what is read. */
function readShort(body: Uint8Array, options: CsvBufferOptions): Block | undefined {
  if (options.featureCount === undefined || (options.header ?? 'absent') !== 'absent') return undefined;
  const reader = shortReaderOf(options);
  if (reader.isLent) return undefined;
  let block: Block | undefined;
  pushBody(body, reader.parser, 'row', (all) => {
    block = all;
  });
  if (!block) throw noRow('absent');
  reader.isLent = true;
  return lend(block, reader.takeBack);
}

function shortReaderOf(options: CsvBufferOptions): ShortReader {
  const index = shortReaders.findIndex((known) => known.options === options);
  if (index === 0) return shortReaders[0]!;
  const reader = index > 0 ? shortReaders.splice(index, 1)[0]! : createShortReader(options);
  shortReaders.unshift(reader);
  return reader;
}

/** The kernel of the one that was not used for longest serves again: of many models each request would need a new one. */
function createShortReader(options: CsvBufferOptions): ShortReader {
  const oldest = shortReaders.length === SHORT_READERS ? shortReaders.pop() : undefined;
  const kernel = (oldest?.isLent === false ? oldest.kernel : kernels.pop()) ?? createCsvKernel();
  const shape = { ...options, header: undefined, labelCount: 0, isOneBlock: true, maxRows: SHORT_ROWS };
  const takeBack = () => {
    reader.isLent = false;
    if (!shortReaders.includes(reader)) keep(kernel);
  };
  const reader: ShortReader = { options, kernel, parser: new CsvParser(shape, kernel), isLent: false, takeBack };
  return reader;
}

function noRow(mode: HeaderMode): ClientError {
  const received =
    mode === 'present'
      ? 'only a header line. Where requests have one row each, the content type must have header=auto, or no header'
      : 'none';
  return new ClientError('E_DATA_EMPTY', `request: expected at least one row; received ${received}.`);
}

/** A model without names skips the header line. */
function headerRule(
  mode: HeaderRule['mode'],
  { featureNames, featureCount }: Pick<CsvBufferOptions, 'featureNames' | 'featureCount'>,
): HeaderRule {
  return {
    mode,
    known: featureNames,
    plan(names, where) {
      const columns = names.map((name, source) => ({ name, source }));
      const expected = {
        labelCount: 0,
        ...(featureNames && { featureNames }),
        ...(featureCount !== undefined && { featureCount }),
      };
      return positioned(planColumns(columns, expected, where));
    },
  };
}

/** Rows of bodies up to this are copied: a kernel of its own costs a request more. */
const COPIED_BYTES = 64 * 1024;
/** A kernel with a larger memory is not kept. */
const KEPT_MEMORY_BYTES = 16 * 1024 * 1024;
/** If more requests are answered at the same time, the kernels of the others are not kept. */
const KEPT_KERNELS = 4;

/** Those that no request uses. */
const kernels: CsvKernel[] = [];

function keep(kernel: CsvKernel): void {
  if (kernel.memory.buffer.byteLength <= KEPT_MEMORY_BYTES && kernels.length < KEPT_KERNELS) kernels.push(kernel);
}

/** As many rows as there are if all are about as long as the first one, and no more than fit into the body. */
function guessRows(body: Uint8Array, featureCount = 1): number {
  const guessed = (body.length / lineAfter(body, 0)) * 1.1;
  return Math.ceil(Math.min(guessed, body.length / featureCount)) + 1;
}
