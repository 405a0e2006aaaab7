/**
 * Hostile inputs: whatever a reader is given, it ends with rows or with an error of the caller, and what it does stays
 * within a constant times the bytes. Work is counted, not timed: calls of a kernel and the bytes it went through, tokens
 * of JSON, fields of protobuf, blocks, and numbers kept.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientError } from '../../src/errors.js';
import { type Block, isSparse, type SparseBlock, type ValuePolicy } from '../../src/formats/block.js';
import type { BlockParser } from '../../src/formats/block-parser.js';
import { type CsvKernel, createCsvKernel } from '../../src/formats/csv/kernel.js';
import { CsvParser } from '../../src/formats/csv/parser.js';
import { readJsonBuffer, readJsonLinesBuffer } from '../../src/formats/json/body.js';
import { JsonScanner } from '../../src/formats/json/scanner.js';
import { createLibsvmKernel, type LibsvmKernel } from '../../src/formats/libsvm/kernel.js';
import { LibsvmParser } from '../../src/formats/libsvm/parser.js';
import { RecordParser } from '../../src/formats/recordio/parser.js';
import { readRecordioBuffer } from '../../src/formats/recordio/read-recordio-buffer.js';
import { WireReader } from '../../src/formats/recordio/wire.js';
import { runs } from '../runs.js';
import { mutate, randomNumbers } from './mutations.js';
import { part, record } from './recordio-records.js';

const RUNS = runs(2000, 300_000);
/** A byte is looked at by a few steps at most. */
const WORK_PER_BYTE = 16;

let work = 0;

/** `kernel` with the lines it is given counted, whether it takes them or stops before one. */
function counted<K extends CsvKernel | LibsvmKernel>(kernel: K): K {
  const count =
    (parse: K['parse64']): K['parse64'] =>
    (start, end, row, limit) => {
      const stopped = parse(start, end, row, limit);
      const bytes = new Uint8Array(kernel.memory.buffer);
      const line = bytes.indexOf(0x0a, kernel.position.value);
      work += 1 + Math.min(end, line < 0 ? end : line + 1) - start;
      return stopped;
    };
  return { ...kernel, parse64: count(kernel.parse64), parse32: count(kernel.parse32) };
}

const csvKernel = counted(createCsvKernel());
const libsvmKernel = counted(createLibsvmKernel());

const originals = { peek: JsonScanner.prototype.peek, varint: WireReader.prototype.varint };
beforeAll(() => {
  JsonScanner.prototype.peek = function peek() {
    work += 1;
    return originals.peek.call(this);
  };
  WireReader.prototype.varint = function varint() {
    work += 1;
    return originals.varint.call(this);
  };
});
afterAll(() => {
  JsonScanner.prototype.peek = originals.peek;
  WireReader.prototype.varint = originals.varint;
});

type Rows = Block | SparseBlock | undefined;

/** Feeds a parser piece by piece and counts what it makes. */
function feed(parser: BlockParser<Block | SparseBlock>, bytes: Uint8Array, random: () => number): void {
  parser.startFile('a', { label: 'train/a', unit: 'line' });
  const take = () => {
    for (let block = parser.nextBlock(); block; block = parser.nextBlock()) work += 1 + valuesOf(block);
    work += 1;
  };
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + 1 + Math.floor(random() * 200));
    const space = parser.input.space();
    space.set(piece.subarray(0, space.length));
    parser.input.added(Math.min(piece.length, space.length));
    at += Math.min(piece.length, space.length);
    take();
  }
  parser.input.endFile();
  take();
}

const valuesOf = (block: Rows) =>
  !block ? 0 : (isSparse(block) ? block.values.length : block.features.length) + block.labels.length;

const policies: readonly ValuePolicy[] = [
  { missingValues: 'accept', infiniteValues: 'accept' },
  { missingValues: 'accept', infiniteValues: 'refuse', range: 'float32' },
  { missingValues: 'refuse', infiniteValues: 'refuse' },
];

const text = (...seeds: string[]) => seeds.map((seed) => Buffer.from(seed));
const JSON_SEEDS = text(
  '{"instances":[{"features":[1,2.5]},{"features":[3,-4e3]}]}',
  '{"instances":[{"data":{"features":{"keys":[1],"values":[1.5],"shape":[2]}}},[null,2]],"configuration":{"a":[[]]}}',
  '[[[1],[2]],[[3],[4]]]',
  '{"inputs":{"a":[1,2],"b":[[3],[4]]}}',
  '{"values":[1,2,3,4],"shape":[2,2]}',
  '[{"a":1,"b":2},{"b":3,"a":"\\u00e9\\n"}]',
  `[${'['.repeat(60)}1${']'.repeat(60)}]`,
);
const RECORDS = [
  part(record({ kind: 'float32', values: [1, 2] }, { kind: 'float64', values: [3] })),
  part(record({ kind: 'float64', values: [1, 2], keys: [0, 3], shape: [5] }, { kind: 'int32', values: [-7] })),
  part(record({ kind: 'int32', values: [1, -2], isUnpacked: true }, { kind: 'float32', values: [3] })),
];
const whole = record({ kind: 'float32', values: [1, 2] });
const RECORD_SEEDS = [
  ...RECORDS,
  Buffer.concat([...RECORDS, ...RECORDS]),
  Buffer.concat([part(whole.subarray(0, 8), 1), part(whole.subarray(8, 12), 2), part(whole.subarray(12), 3)]),
];

const JSON_CHARS = Buffer.from('[]{}",:0123456789.-+eEntrufals\\ \n\u00e9', 'latin1');
const LINE_CHARS = Buffer.from('0123456789.,:-+eE"#;|\t \r\nqidnaf\u00ff', 'latin1');
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

const READERS: Readonly<
  Record<
    string,
    { seeds: readonly Uint8Array[]; alphabet: Uint8Array; read(bytes: Uint8Array, random: () => number): void }
  >
> = {
  CSV: {
    seeds: text(
      '1,2,3\n4,5.25,-6e3\n',
      '"1",NaN,\r\n1,inf,2\n',
      '\uFEFF1,2\n1,1e39\n\n\n',
      '1,12345678901234567890.5,3\n',
    ),
    alphabet: LINE_CHARS,
    read(bytes, random) {
      const options = { labelCount: Math.floor(random() * 3), hasWeights: random() < 0.5, maxRows: 4 };
      feed(new CsvParser({ ...options, policy: policyOf(random) }, csvKernel), bytes, random);
    },
  },
  libsvm: {
    seeds: text('1 0:1 5:2.5\n0 1:3\n', '1:0.5 qid:3 2:1 1:7 # c\n# c\n0:2 qid:3 9:1\n', '0:1\n\n', '1 2147483646:1\n'),
    alphabet: LINE_CHARS,
    read(bytes, random) {
      const options = {
        hasLabel: random() < 0.5,
        indexBase: random() < 0.5 ? 0 : 1,
        spansComments: random() < 0.5,
      } as const;
      feed(new LibsvmParser({ ...options, maxRows: 4, policy: policyOf(random) }, libsvmKernel), bytes, random);
    },
  },
  JSON: {
    seeds: JSON_SEEDS,
    alphabet: JSON_CHARS,
    read(bytes, random) {
      const names = random() < 0.5 ? { featureNames: ['a', 'b'] } : {};
      work += valuesOf(readJsonBuffer(bytes, { policy: policyOf(random), featureCount: 2, ...names }));
    },
  },
  'JSON Lines': {
    seeds: [...JSON_SEEDS, ...text('[1,2]\n[3,4]\n', '{"features":[1,2]}\r\n{"a":1,"b":2}\n', '1\n2\n')],
    alphabet: JSON_CHARS,
    read(bytes, random) {
      const names = random() < 0.5 ? { featureNames: ['a', 'b'] } : {};
      const width = random() < 0.5 ? { featureCount: 2 } : {};
      work += valuesOf(readJsonLinesBuffer(bytes, { policy: policyOf(random), ...width, ...names }));
    },
  },
  'RecordIO-protobuf': {
    seeds: RECORD_SEEDS,
    alphabet: ALL_BYTES,
    read(bytes, random) {
      const policy = policyOf(random);
      if (random() < 0.2) work += valuesOf(readRecordioBuffer(bytes, { policy }));
      else feed(new RecordParser({ hasLabel: random() < 0.5, maxRows: 4, policy }), bytes, random);
    },
  },
};

const policyOf = (random: () => number) => policies[Math.floor(random() * policies.length)]!;

describe('a reader that gets corrupted inputs', () => {
  it.each(Object.entries(READERS))('of %s finishes within work bounded by their bytes', (_, reader) => {
    const random = randomNumbers(20_261_129);
    let [rows, refusals] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutate(reader.seeds, reader.alphabet, random);
      work = 0;
      try {
        reader.read(bytes, random);
        rows += 1;
      } catch (error) {
        if (!(error instanceof ClientError))
          throw new Error(`run ${run}: ${bytes.toString('base64')}`, { cause: error });
        refusals += 1;
      }
      if (work > WORK_PER_BYTE * (bytes.length + 16)) {
        expect.fail(`run ${run}: ${work} steps for ${bytes.length} bytes: ${bytes.toString('base64')}`);
      }
    }

    // Neither all good nor all bad, or the mutations would say nothing.
    expect(Math.min(rows, refusals)).toBeGreaterThan(RUNS / 200);
  });

  it('of a long line in many pieces does not move it for each of them', () => {
    const line = Buffer.from(`1,${'9'.repeat(4_000_000)}`);
    let moved = 0;
    const { copyWithin } = Uint8Array.prototype;
    Uint8Array.prototype.copyWithin = function count(this: Uint8Array, target, start, end = this.length) {
      moved += end - start;
      return copyWithin.call(this, target, start, end) as Uint8Array<ArrayBuffer>;
    };
    try {
      const parser = new CsvParser({ labelCount: 1, policy: policies[0]! });
      parser.startFile('a', { label: 'train/a', unit: 'line' });
      for (let at = 0; at < line.length; at += 64) {
        parser.input.space().set(line.subarray(at, at + 64));
        parser.input.added(64);
      }
    } finally {
      Uint8Array.prototype.copyWithin = copyWithin;
    }

    expect(moved).toBeLessThan(8 * line.length);
  });

  it('of a record with very many parts scans it only a few times, however it is split', () => {
    const parts = 20_000;
    const pieces = [part(Buffer.alloc(4), 1), ...Array(parts).fill(part(Buffer.alloc(4), 2)), part(Buffer.alloc(4), 3)];
    const bytes = Buffer.concat(pieces);
    const { getUint32 } = DataView.prototype;
    let reads = 0;
    DataView.prototype.getUint32 = function count(this: DataView, offset, isLittle) {
      reads += 1;
      return getUint32.call(this, offset, isLittle);
    };
    const parser = new RecordParser({ hasLabel: true, policy: policies[0]! });
    parser.startFile('a', { label: 'train/a', unit: 'record' });
    const readAll = () => {
      for (let at = 0; at < bytes.length; at += 12) {
        parser.input.space().set(bytes.subarray(at, at + 12));
        parser.input.added(Math.min(12, bytes.length - at));
        parser.nextBlock();
      }
      parser.input.endFile();
      parser.nextBlock();
    };
    try {
      expect(readAll).toThrow(ClientError);
    } finally {
      DataView.prototype.getUint32 = getUint32;
    }

    expect(reads).toBeLessThan(16 * parts);
  });
});
