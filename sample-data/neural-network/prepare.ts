/**
 * The sample data of neural networks, cut from `source/digits.csv`.
 *
 *   node sample-data/neural-network/prepare.ts
 */
import { join } from 'node:path';
import type { MoreBatch } from '../batches.ts';
import { jpeg, png, webp } from '../formats/images.ts';
import type { Row, Rows } from '../formats/rows.ts';
import { cutSample, type OwnFormats, type SampleFiles, writeSample } from '../sample.ts';

/** Processors round differently, and training carries it on. */
export const outputsVary = true;

/** The content of every made file, by its path in this folder. */
export function sampleFiles(): Promise<SampleFiles> {
  return cutSample({
    source: join(import.meta.dirname, 'source', 'digits.csv'),
    target: 'digit',
    seed: 7,
    // Of 1,797 rows.
    trainRows: 1257,
    validationRows: 180,
    acceptParameters: {
      '04.csv': 'output="predicted_label,probability"',
      '05.csv': 'output="labels,probabilities"',
      '07.json': 'output=predicted_label',
      '08.json': 'output=probabilities',
      '10.jsonl': 'output="predicted_label,probability"',
      // Bytes are compared to the last one, and probabilities differ in the last digits from machine to machine.
      'recordio-protobuf': 'output=predicted_label',
      npy: 'output=predicted_label',
    },
    formats: ['libsvm', 'parquet', 'recordio-protobuf', 'npy'],
    own: images,
    classCount: 10,
    classRequest: {
      ...{ extension: 'png', contentType: 'image/png' },
      accept: 'application/json;output="predicted_label,probability"',
      write: (row) => png(row, SIZE),
    },
    classNames: Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [digit, `digit ${digit}`])),
    hyperparameters: {
      objective: 'multiclass',
      num_classes: '10',
      input_shape: '8,8,1',
      convolution_filters: '32,64',
      hidden_units: '128',
      activation: 'swish',
      dropout: '0.3',
      optimizer: 'sgd',
      learning_rate: '0.05',
      lr_schedule: 'cosine',
      epochs: '30',
      seed: '7',
    },
    // Backends round differently, and training carries it on: seen were 0.0002.
    relativeTolerance: 0.01,
    metricBounds: { 'validation:accuracy': { atLeast: 0.98 }, 'validation:loss': { atMost: 0.06 } },
  });
}

// --- internal ---

const SIZE = { width: 8, height: 8 };

/**
 * Gray images: in real time of the rows of 01.csv and 06.json, whose answers are theirs; in batch a PNG of each digit, and
 * three images in each other format, the first three of the batch of CSV.
 */
async function images(inference: Rows, labels: Row): Promise<OwnFormats> {
  const [first, second, third, sixth] = [0, 1, 2, 13].map((row) => inference[row]!);
  const accept = 'text/csv';
  const batch = (name: string, contentType: string, files: MoreBatch['files']) => ({
    name,
    files,
    contentType,
    accept,
  });
  const three = async (extension: string, write: typeof jpeg) =>
    new Map([
      [`1.${extension}`, await write(first!, SIZE)],
      [`2.${extension}`, await write(second!, SIZE)],
      [`3.${extension}`, await write(third!, SIZE)],
    ]);
  const [jpegs, webps] = [await three('jpg', jpeg), await three('webp', webp)];
  const digits = Array.from({ length: 10 }, (_, digit) => inference[labels.indexOf(digit)]!);
  return {
    requests: [
      { name: '11.png', body: png(first!, SIZE), contentType: 'image/png', accept },
      { name: '12.png', body: png(sixth!, SIZE), contentType: 'image/png', accept: 'application/json' },
      { name: '13.jpg', body: jpegs.get('1.jpg')!, contentType: 'image/jpeg', accept },
      { name: '14.webp', body: webps.get('1.webp')!, contentType: 'image/webp', accept: 'application/json' },
      { name: '15.png', body: png(first!, SIZE), contentType: 'application/x-image', accept: 'application/jsonlines' },
    ],
    batches: [
      batch('png', 'image/png', new Map(digits.map((row, digit) => [`${digit}.png`, png(row, SIZE)]))),
      batch('jpeg', 'image/jpeg', jpegs),
      batch('webp', 'image/webp', webps),
      // Images of any format in one batch.
      batch(
        'x-image',
        'application/x-image',
        new Map([
          ['1.png', png(first!, SIZE)],
          ['2.jpg', jpegs.get('2.jpg')!],
          ['3.webp', webps.get('3.webp')!],
        ]),
      ),
    ],
  };
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
