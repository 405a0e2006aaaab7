/**
 * One record of `application/x-recordio-protobuf`: the message `Record` of SageMaker (package aialgs.data), read without
 * a protobuf library because the schema is fixed.
 *
 *   Record   features = 1 map<string, Value>, label = 2 map<string, Value>, uid = 3, metadata = 4, configuration = 5
 *   Value    float32_tensor = 2, float64_tensor = 3, int32_tensor = 7, bytes = 9
 *   *Tensor  values = 1 packed, keys = 2 packed uint64, shape = 3 packed uint64
 *
 * The key of features and label is `values`. A tensor with keys is sparse: `values[i]` is at `keys[i]` of `shape`.
 * Sources: AWS guide, "Common Data Formats for Training"; aws/sagemaker-training-toolkit, record_pb2.py.
 */
import { quoteValue } from '../place.js';
import { type Run, SameLayout } from './same-layout.js';
import { MalformedRecord, WIRE, WireReader } from './wire.js';

/** A tensor as it was written; its arrays are used again for the next one. */
export interface Tensor {
  /** The first `count` are its values. */
  values: Float64Array;
  count: number;
  /** The first `count` are its keys, when it is sparse. */
  keys: Float64Array;
  isSparse: boolean;
  /** Where its values begin in the bytes, if they are float32 in one piece; else −1. */
  valuesAt: number;
  /** Numbers it stands for, by its shape, or by its values when there is none. */
  width: number;
}

/** Decodes records one after another; `features` and `label` hold what the last one had. */
export class RecordDecoder {
  readonly features: Tensor = createTensor();
  readonly label: Tensor = createTensor();
  readonly #wire = new WireReader();
  readonly #layout = new SameLayout();
  #hasLayout = false;

  /**
   * Reads the record in [start, end) of `bytes`.
   * @param hasLabel whether the label is wanted
   * @throws MalformedRecord when it is none, or has no tensor of features
   */
  decode(bytes: Uint8Array, start: number, end: number, hasLabel: boolean): void {
    const wire = this.#wire;
    wire.open(bytes, start, end);
    if (this.#hasLayout && this.#layout.holds(bytes, start, end)) {
      const { features, label } = this.#layout;
      readRun(wire, start, features, this.features);
      readRun(wire, start, label, this.label);
      return;
    }
    this.#hasLayout = false;
    let hasFeatures = false;
    this.label.count = 0;
    this.label.width = 0;
    this.label.valuesAt = -1;
    while (wire.position < end) {
      const tag = wire.varint();
      if (tag === FEATURES) {
        readEntry(wire, 'features', this.features);
        hasFeatures = true;
      } else if (tag === LABEL && hasLabel) readEntry(wire, 'label', this.label);
      else wire.skip(tag % 8);
    }
    if (!hasFeatures) throw new MalformedRecord('it has no features');
    if (this.label.isSparse && this.label.count > 0) throw new MalformedRecord('its label must not have keys');
    this.#hasLayout = this.#noteLayout(bytes, start, end);
  }

  /** Whether the record is one of dense float32 features, then a label of them. */
  #noteLayout(bytes: Uint8Array, start: number, end: number): boolean {
    const { features, label } = this;
    const isPlain = !features.isSparse && !label.isSparse && label.count > 0 && features.valuesAt >= start;
    if (!isPlain || label.valuesAt < features.valuesAt + 4 * features.count) return false;
    this.#layout.note(bytes, start, end, runOf(features, start), runOf(label, start));
    return true;
  }
}

// --- internal ---

function runOf({ valuesAt, count }: Tensor, start: number): Run {
  return { start: valuesAt - start, count };
}

/** The tensor has room: the record that the run was noted of had as many. */
function readRun(wire: WireReader, start: number, { start: from, count }: Run, tensor: Tensor): void {
  wire.position = start + from;
  wire.float32s(wire.position + 4 * count, tensor.values, 0);
}

const tagOf = (field: number, wire: number) => field * 8 + wire;
const FEATURES = tagOf(1, WIRE.bytes);
const LABEL = tagOf(2, WIRE.bytes);
const ENTRY_KEY = tagOf(1, WIRE.bytes);
const ENTRY_VALUE = tagOf(2, WIRE.bytes);
const FLOAT32_TENSOR = tagOf(2, WIRE.bytes);
const FLOAT64_TENSOR = tagOf(3, WIRE.bytes);
const INT32_TENSOR = tagOf(7, WIRE.bytes);
const BYTES = tagOf(9, WIRE.bytes);
const KEY = Buffer.from('values');
const VALUES = 1;
const KEYS = 2;
const SHAPE = 3;

type Kind = 'float32' | 'float64' | 'int32';

/** A value takes no less. */
const LEAST_BYTES: Readonly<Record<Kind, number>> = { float32: 4, float64: 8, int32: 1 };

function createTensor(): Tensor {
  return {
    values: new Float64Array(64),
    count: 0,
    keys: new Float64Array(64),
    isSparse: false,
    valuesAt: -1,
    width: 0,
  };
}

/** An entry of a map; the last one of a key counts, and `values` is the only key. */
function readEntry(wire: WireReader, owner: string, tensor: Tensor): void {
  const end = wire.lengthEnd();
  let [keyStart, keyEnd, valueStart, valueEnd] = [0, 0, -1, -1];
  while (wire.position < end) {
    const tag = wire.varint();
    if (tag === ENTRY_KEY) {
      keyEnd = wire.lengthEnd();
      keyStart = wire.position;
      wire.position = keyEnd;
    } else if (tag === ENTRY_VALUE) {
      valueEnd = wire.lengthEnd();
      valueStart = wire.position;
      wire.position = valueEnd;
    } else wire.skip(tag % 8);
  }
  checkEnd(wire, end);
  if (!wire.equals(keyStart, keyEnd, KEY)) {
    const key = quoteValue(wire.text(keyStart, keyEnd));
    throw new MalformedRecord(`the key of its ${owner} must be "values"; received ${key}`);
  }
  if (valueStart < 0) throw new MalformedRecord(`its ${owner} have no tensor`);
  wire.position = valueStart;
  readValue(wire, valueEnd, owner, tensor);
  wire.position = end;
}

function readValue(wire: WireReader, end: number, owner: string, tensor: Tensor): void {
  let isFound = false;
  while (wire.position < end) {
    const tag = wire.varint();
    const kind =
      tag === FLOAT32_TENSOR
        ? 'float32'
        : tag === FLOAT64_TENSOR
          ? 'float64'
          : tag === INT32_TENSOR
            ? 'int32'
            : undefined;
    if (tag === BYTES) throw new MalformedRecord(`its ${owner} must be numbers; received bytes`);
    if (kind) {
      readTensor(wire, wire.lengthEnd(), owner, kind, tensor);
      isFound = true;
    } else wire.skip(tag % 8);
  }
  checkEnd(wire, end);
  if (!isFound) throw new MalformedRecord(`its ${owner} have no tensor`);
}

function readTensor(wire: WireReader, end: number, owner: string, kind: Kind, tensor: Tensor): void {
  let keyCount = 0;
  let shape: number | undefined;
  let isSparse = false;
  tensor.count = 0;
  tensor.valuesAt = -1;
  while (wire.position < end) {
    const tag = wire.varint();
    const field = Math.floor(tag / 8);
    if (field === VALUES) readValues(wire, tag % 8, kind, tensor);
    else if (field === KEYS) {
      isSparse = true;
      keyCount = readKeys(wire, tag % 8, keyCount, tensor);
    } else if (field === SHAPE) shape = readShape(wire, tag % 8, shape);
    else wire.skip(tag % 8);
  }
  checkEnd(wire, end);
  // A sparse row without entries has no field but its shape.
  tensor.isSparse = isSparse || (tensor.count === 0 && shape !== undefined && shape > 0);
  tensor.width = shape ?? tensor.count;
  if (!tensor.isSparse && tensor.width !== tensor.count) {
    throw new MalformedRecord(`its ${owner} must have ${shape} values for their shape; received ${tensor.count}`);
  }
  if (!isSparse) return;
  if (shape === undefined) throw new MalformedRecord(`its ${owner} have keys, so they must have a shape`);
  if (keyCount !== tensor.count) {
    throw new MalformedRecord(
      `its ${owner} must have as many keys as values; received ${keyCount} and ${tensor.count}`,
    );
  }
}

function readValues(wire: WireReader, kind: number, type: Kind, tensor: Tensor): void {
  const single = type === 'float32' ? WIRE.fixed32 : type === 'float64' ? WIRE.fixed64 : WIRE.varint;
  if (kind !== WIRE.bytes && kind !== single) throw new MalformedRecord(`its values are not of type ${type}`);
  const end = kind === WIRE.bytes ? wire.lengthEnd() : wire.position + 1;
  const most = tensor.count + Math.ceil((end - wire.position) / LEAST_BYTES[type]);
  if (most > tensor.values.length) tensor.values = enlarged(tensor.values, most);
  tensor.valuesAt = type === 'float32' && kind === WIRE.bytes && tensor.count === 0 ? wire.position : -1;
  if (type === 'float32') tensor.count = wire.float32s(end, tensor.values, tensor.count);
  else if (type === 'float64') tensor.count = wire.float64s(end, tensor.values, tensor.count);
  else tensor.count = wire.int32s(end, tensor.values, tensor.count);
  if (kind === WIRE.bytes) checkEnd(wire, end);
}

function readKeys(wire: WireReader, kind: number, keyCount: number, tensor: Tensor): number {
  const end = endOfPacked(wire, kind, 'keys');
  const most = keyCount + end - wire.position;
  if (most > tensor.keys.length) tensor.keys = enlarged(tensor.keys, most);
  let count = keyCount;
  while (wire.position < end) tensor.keys[count++] = wire.varint();
  if (kind === WIRE.bytes) checkEnd(wire, end);
  return count;
}

/** The product of its sizes: [3] and [1, 3] are three numbers. */
function readShape(wire: WireReader, kind: number, sofar: number | undefined): number {
  const end = endOfPacked(wire, kind, 'shape');
  let product = sofar ?? 1;
  while (wire.position < end) product *= wire.varint();
  if (kind === WIRE.bytes) checkEnd(wire, end);
  if (!(product <= Number.MAX_SAFE_INTEGER)) throw new MalformedRecord('the sizes of a shape in it are too large');
  return product;
}

function endOfPacked(wire: WireReader, kind: number, name: string): number {
  if (kind !== WIRE.bytes && kind !== WIRE.varint) throw new MalformedRecord(`its ${name} are not whole numbers`);
  return kind === WIRE.bytes ? wire.lengthEnd() : wire.position + 1;
}

function enlarged(array: Float64Array, least: number): Float64Array {
  const larger = new Float64Array(Math.max(least, array.length * 2));
  larger.set(array);
  return larger;
}

function checkEnd(wire: WireReader, end: number): void {
  if (wire.position !== end) throw new MalformedRecord('its parts have lengths that do not fit each other');
}
