/**
 * RecordIO-protobuf bytes to blocks: records are taken from the bytes as they come, decoded, checked, and gathered.
 */
import { ClientError } from '../../errors.js';
import type { Block, BlockOptions, SparseBlock, ValuePolicy } from '../block.js';
import type { BlockInput, BlockParser } from '../block-parser.js';
import { checkMaxRows } from '../block-size.js';
import { beyondFloat32, magnitudeLimit } from '../float32-range.js';
import type { Place } from '../place.js';
import { RowCollector } from './block-builder.js';
import { FrameBuffer } from './frame-buffer.js';
import { type Frame, MAGIC } from './frames.js';
import { RecordDecoder, type Tensor } from './record.js';
import { sortKeys } from './sort-keys.js';
import { MalformedRecord } from './wire.js';

export interface RecordOptions extends Omit<BlockOptions, 'hasWeights'> {
  /** Whether labels are wanted (training); a request's are not read. */
  readonly hasLabel: boolean;
  readonly policy: ValuePolicy;
}

/** Columns are 32-bit integers. */
const MAX_COLUMNS = 2 ** 31 - 1;

/** See BlockParser for the order of calls. Between files nothing but the expected numbers of columns and labels is kept. */
export class RecordParser implements BlockParser<Block | SparseBlock> {
  readonly #options: RecordOptions;
  readonly #decoder = new RecordDecoder();
  readonly #magnitudeLimit: number;
  readonly #frames = new FrameBuffer();
  #source = '';
  /** A record that did not fit the block that is being filled. */
  #pending = false;

  #collector: RowCollector | undefined;
  #columns: number | undefined;
  #labelCount: number | undefined;
  /** Where the first record was, for messages that compare with it. */
  #first = '';

  constructor(options: RecordOptions) {
    checkMaxRows(options.maxRows);
    this.#options = options;
    this.#magnitudeLimit = magnitudeLimit(options.policy);
    this.#columns = options.featureCount;
    if (!options.hasLabel) this.#labelCount = 0;
  }

  get input(): BlockInput {
    return this.#frames;
  }

  startFile(source: string, place: Place): void {
    this.#source = source;
    this.#frames.startFile(place);
  }

  nextBlock(): Block | SparseBlock | undefined {
    if (this.#pending) this.#addRow();
    for (let frame = this.#frames.next(); frame; frame = this.#frames.next()) {
      this.#read(frame);
      this.#frames.taken(frame);
      const collector = this.#collector!;
      if (collector.isFullFor(this.#decoder.features)) {
        this.#pending = true;
        return this.#take(collector);
      }
      this.#addRow();
    }
    if (!this.#frames.isEnded) return undefined;
    const truncated = this.#frames.truncated();
    if (truncated) throw truncated;
    const collector = this.#collector;
    return collector && collector.rows > 0 ? this.#take(collector) : undefined;
  }

  #addRow(): void {
    this.#pending = false;
    this.#frames.count();
    this.#collector!.add(this.#decoder.features, this.#decoder.label);
  }

  #take(collector: RowCollector): Block | SparseBlock {
    return collector.take(this.#source, this.#frames.records - collector.rows + 1);
  }

  #read({ bytes, start, end }: Frame): void {
    try {
      this.#decoder.decode(bytes, start, end, this.#options.hasLabel);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      const isWrapped =
        end - start >= 4 && new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0, true) === MAGIC;
      const hint = isWrapped ? ' It holds RecordIO itself: set RecordWrapperType to None.' : '';
      throw new ClientError(
        'E_DATA_FORMAT',
        `${this.#frames.where()}: expected a protobuf record; ${error.message}.${hint}`,
        {
          cause: error,
        },
      );
    }
    const { features, label } = this.#decoder;
    this.#checkWidths(features, label);
    this.#checkLabel(label);
    if (features.isSparse) this.#checkKeys(features);
    this.#checkValues(features);
  }

  #checkWidths(features: Tensor, label: Tensor): void {
    const labelCount = this.#options.hasLabel ? label.count : 0;
    if (this.#collector === undefined) {
      if (this.#columns === undefined && features.width === 0) {
        throw new ClientError('E_DATA_COLUMNS', `${this.#frames.where()}: expected at least 1 feature; received none.`);
      }
      this.#columns ??= features.width;
      if (this.#columns > MAX_COLUMNS) {
        throw new ClientError(
          'E_DATA_SIZE',
          `${this.#frames.where()}: a shape must be at most ${MAX_COLUMNS} features; received ${features.width}.`,
        );
      }
      this.#labelCount ??= labelCount;
      const { precision, maxRows } = this.#options;
      this.#collector = new RowCollector({
        columns: this.#columns,
        labelCount: this.#labelCount,
        ...(precision && { precision }),
        ...(maxRows && { maxRows }),
      });
      this.#first =
        this.#options.featureCount === undefined
          ? ` as in ${this.#frames.place.label} record ${this.#frames.records + 1}`
          : '';
    }
    if (features.width !== this.#columns) {
      const plural = this.#columns === 1 ? '' : 's';
      throw new ClientError(
        'E_DATA_COLUMNS',
        `${this.#frames.where()}: expected ${this.#columns} feature${plural}${this.#first}; received ${features.width}.`,
      );
    }
    if (labelCount !== this.#labelCount) {
      throw new ClientError(
        'E_DATA_COLUMNS',
        `${this.#frames.where()}: expected ${this.#labelCount} label value${this.#labelCount === 1 ? '' : 's'} as in the first record; received ${labelCount}.`,
      );
    }
  }

  #checkLabel({ values }: Tensor): void {
    for (let i = 0; i < this.#labelCount!; i++) {
      const value = values[i]!;
      if (Math.abs(value) < this.#magnitudeLimit) continue;
      if (Number.isFinite(value)) throw beyondFloat32(this.#frames.where(), 'label', String(value));
      const code = Number.isNaN(value) ? 'E_DATA_MISSING' : 'E_DATA_INFINITE';
      throw new ClientError(code, `${this.#frames.where()}: the label must be a finite number; received ${value}.`);
    }
  }

  #checkKeys(features: Tensor): void {
    const { keys, count, width } = features;
    sortKeys(features);
    for (let i = 0; i < count; i++) {
      const key = keys[i]!;
      if (key >= width || (i > 0 && key === keys[i - 1])) {
        const rule = key >= width ? `a key must be in [0, ${width - 1}]` : 'a key may occur once';
        throw new ClientError(
          'E_DATA_INDEX',
          `${this.#frames.where()}: ${rule}; received ${key}${key >= width ? '' : ' twice'}.`,
        );
      }
    }
  }

  #checkValues({ values, keys, count, isSparse }: Tensor): void {
    const { missingValues, infiniteValues } = this.#options.policy;
    const limit = this.#magnitudeLimit;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (Math.abs(value) < limit) continue;
      const isMissing = Number.isNaN(value);
      const isInfinite = Math.abs(value) === Number.POSITIVE_INFINITY;
      if ((isMissing && missingValues === 'accept') || (isInfinite && infiniteValues === 'accept')) continue;
      const cell = `${this.#frames.where()} ${isSparse ? `key ${keys[i]}` : `column ${i + 1}`}`;
      if (!isMissing && !isInfinite) throw beyondFloat32(cell, 'value', String(value));
      throw isMissing
        ? new ClientError(
            'E_DATA_MISSING',
            `${cell}: the value must not be missing; received NaN. Fill it in or drop the row.`,
          )
        : new ClientError(
            'E_DATA_INFINITE',
            `${cell}: the value must be finite; received ${value}. Correct it or drop the row.`,
          );
    }
  }
}
