import { describe, expect, it } from 'vitest';
import type { Block, SparseBlock, ValuePolicy } from '../../src/formats/block.js';
import type { BlockParser } from '../../src/formats/block-parser.js';
import { CsvParser } from '../../src/formats/csv/parser.js';
import { denseLimit, densify } from '../../src/formats/densify.js';
import { copyBlock } from '../../src/formats/join-blocks.js';
import { LibsvmParser } from '../../src/formats/libsvm/parser.js';
import { RecordParser } from '../../src/formats/recordio/parser.js';
import { part, record } from './recordio-records.js';

const policy: ValuePolicy = { missingValues: 'accept', infiniteValues: 'refuse', range: 'float32' };
/** Neighbours that are one number in float32: a date as an id, 2^24 and what follows, the largest exact double. */
const LIBSVM = { type: 'text/libsvm', parameters: {} };
const IDS = [20_261_129, 20_261_128, 2 ** 24, 2 ** 24 + 1, 2 ** 53 - 1, 2 ** 53 - 2];

function read<B extends Block | SparseBlock>(parser: BlockParser<B>, bytes: Uint8Array): B {
  parser.startFile('a', { label: 'train/a', unit: 'line' });
  parser.input.space().set(bytes);
  parser.input.added(bytes.length);
  parser.input.endFile();
  return copyBlock(parser.nextBlock()!);
}

describe('a large integer id', () => {
  it('in a CSV label column stays exact while features are read as float32', () => {
    const text = IDS.map((id) => `1,${id},0.5\n`).join('');

    const block = read(new CsvParser({ labelCount: 2, policy, precision: 'float32' }), Buffer.from(text));

    expect([...block.labels]).toEqual(IDS.flatMap((id) => [1, id]));
  });

  it('after qid: in libsvm stays exact, in sparse rows and in dense rows made from them', () => {
    const text = IDS.map((id) => `1 qid:${id} 0:0.5\n`).join('');

    const block = read(
      new LibsvmParser({ hasLabel: true, indexBase: 0, policy, precision: 'float32' }),
      Buffer.from(text),
    );
    const dense = [...densify(block, { precision: 'float32' }, policy, denseLimit(LIBSVM, 'line', 'Channel "train"'))];

    expect([...block.queryIds!]).toEqual(IDS);
    expect(dense.flatMap(({ queryIds }) => [...queryIds!])).toEqual(IDS);
  });

  it('in a label of RecordIO-protobuf stays exact as float64 and as int32', () => {
    const parser = () => new RecordParser({ hasLabel: true, policy, precision: 'float32' });
    const features = { kind: 'float32', values: [0.5] } as const;
    const wide = Buffer.concat(IDS.map((id) => part(record(features, { kind: 'float64', values: [1, id] }))));
    const whole = Buffer.concat(
      IDS.slice(0, 4).map((id) => part(record(features, { kind: 'int32', values: [1, id] }))),
    );

    expect([...read(parser(), wide).labels]).toEqual(IDS.flatMap((id) => [1, id]));
    expect([...read(parser(), whole).labels]).toEqual(IDS.slice(0, 4).flatMap((id) => [1, id]));
  });
});
