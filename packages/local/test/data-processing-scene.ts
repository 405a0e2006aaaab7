/** What filters and joins make of a file, without a server. */
import { createDataProcessor } from '../src/transform/data-processing.js';
import type { DataProcessing, ProcessedData } from '../src/transform/data-processing-rules.js';
import { createPacker } from '../src/transform/record-pack.js';
import { lineSplitter } from '../src/transform/record-split.js';

export interface Options {
  readonly type?: string;
  readonly maxBytes?: number;
  readonly isSingle?: boolean;
  readonly split?: 'Line' | 'None';
}

/** What is written for a file whose bodies are answered by `model`, and the bodies. */
export function process(
  text: string,
  dataProcessing: DataProcessing,
  model: (body: string) => string,
  options: Options = {},
) {
  const { type = 'text/csv', maxBytes = 1000, isSingle = false, split = 'Line' } = options;
  const data: ProcessedData = {
    contentType: type,
    accept: type,
    splitType: split,
    assembleWith: split,
    dataProcessing,
  };
  const processor = createDataProcessor(data)!;
  const packer = createPacker({ splitter: lineSplitter, maxBytes, isSingle, file: 'a' });
  const bytes = Buffer.from(text);
  const whole = { bytes, recordCount: 1, blankCount: 0, first: 1, isFirst: true };
  const payloads = split === 'None' ? [whole] : [...packer.push(bytes), ...packer.finish()];
  const bodies: string[] = [];
  const written = payloads.map((payload) => {
    const body = processor.bodyOf(payload, 'a').toString();
    bodies.push(body);
    return processor.outputOf(payload, Buffer.from(model(body)), 'a').toString();
  });
  return { bodies, written: written.join('') };
}

export const sumOfLine = (line: string) => String(line.split(',').reduce((sum, field) => sum + Number(field), 0));
export const sums = (body: string) => body.trimEnd().split(/\r?\n/).map(sumOfLine).join('\n');
