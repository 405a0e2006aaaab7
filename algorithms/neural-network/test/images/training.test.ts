/** A channel of images: the same rows as a CSV of their pixels, so models are the same, bit for bit. */
import { type ContainerContents, openInvocations } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { useJobs } from '../job/jobs.js';
import { csvOf, fixture, hyperparameters, type Picture, pictures, pngOf, SIDE } from './pictures.js';

const { trainOn, trainFromPipes } = useJobs();

/** The hyperparameters with changes; one that is undefined is left out. */
function given(changes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries({ ...hyperparameters, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Names in an order that is that of the pictures. */
const filesOf = (all: readonly Picture[]) =>
  Object.fromEntries(all.map((picture, i) => [`${String(i).padStart(3, '0')}/${picture.label}/a.png`, pngOf(picture)]));

const asImages = (
  train: ContainerContents['channels'],
  contentType = 'image/png',
  changes = {},
): ContainerContents => ({
  hyperparameters: { ...hyperparameters, ...changes },
  channels: { ...train },
  inputDataConfig: Object.fromEntries(Object.keys(train ?? {}).map((name) => [name, { ContentType: contentType }])),
});

describe('a channel of images', () => {
  const training = pictures(30);
  const validation = pictures(9);

  it.each(['image/png', 'application/x-image'])('of %s gives the same model as a CSV of the pixels', async (type) => {
    const fromCsv = await trainOn({
      hyperparameters,
      channels: { train: { 'a.csv': csvOf(training) }, validation: { 'b.csv': csvOf(validation) } },
    });
    const fromImages = await trainOn(asImages({ train: filesOf(training), validation: filesOf(validation) }, type));

    expect(fromImages.failure).toBeUndefined();
    expect(fromImages.lines.some((line) => line.includes('validation:accuracy'))).toBe(true);
    for (const name of ['weights.bin', 'network.json', 'model.onnx']) {
      expect(fromImages.model.get(name)!.equals(fromCsv.model.get(name)!)).toBe(true);
    }
  });

  it('of three channels gives the same model as a CSV of red, green and blue', async () => {
    const coloured = pictures(12, 3);
    const changes = { input_shape: `${SIDE},${SIDE},3` };
    const fromCsv = await trainOn({
      hyperparameters: { ...hyperparameters, ...changes },
      channels: { train: { 'a.csv': csvOf(coloured) } },
    });
    const fromImages = await trainOn(asImages({ train: filesOf(coloured) }, 'image/png', changes));

    expect(fromImages.failure).toBeUndefined();
    expect(fromImages.model.get('weights.bin')!.equals(fromCsv.model.get('weights.bin')!)).toBe(true);
  });

  it('in folders with names gives the same model as a CSV with these names as labels', async () => {
    const names = ['dogs', 'birds', 'cats'];
    const named = training.map(({ label, pixels }) => [names[label], ...pixels].join()).join('\n');
    const files = Object.fromEntries(
      training.map((picture, i) => [`${String(i).padStart(3, '0')}/${names[picture.label]}/a.png`, pngOf(picture)]),
    );
    const validationFiles = { 'cats/a.png': pngOf(training[2]!) };
    const changes = { num_classes: undefined };
    const fromCsv = await trainOn({
      hyperparameters: given(changes),
      channels: { train: { 'a.csv': named }, validation: { 'b.csv': named.split('\n')[2]! } },
    });
    const fromImages = await trainOn({
      ...asImages({ train: files, validation: validationFiles }),
      hyperparameters: given(changes),
    });
    const invoke = await openInvocations(neuralNetwork, fromImages, { ALGO_BACKEND: 'cpu' });
    const answer = await invoke({
      contentType: 'image/png',
      accept: 'text/csv;output=predicted_label',
      body: pngOf(training[0]!),
    });
    await invoke.close();

    expect(fromImages.failure).toBeUndefined();
    expect(fromCsv.failure).toBeUndefined();
    for (const name of ['weights.bin', 'network.json']) {
      expect(fromImages.model.get(name)!.equals(fromCsv.model.get(name)!)).toBe(true);
    }
    expect(names).toContain(answer.body.trim());
  });

  it('of validation in a folder that training has not is refused', async () => {
    const train = { 'cats/a.png': pngOf(training[0]!), 'dogs/a.png': pngOf(training[1]!) };
    const validation = { 'birds/a.png': pngOf(training[2]!) };

    const trained = await trainOn({
      ...asImages({ train, validation }),
      hyperparameters: given({ num_classes: undefined }),
    });

    expect(trained.failure).toContain(
      'validation/birds/a.png: the folder of an image must be one of the classes of the training data; received "birds".',
    );
  });

  it('in Pipe mode is an augmented manifest of image and label, and gives the same model', async () => {
    const records = Buffer.concat(
      training.flatMap((picture) => [wrapped(pngOf(picture)), wrapped(String(picture.label))]),
    );
    const fromCsv = await trainOn({ hyperparameters, channels: { train: { 'a.csv': csvOf(training) } } });
    const trained = await trainFromPipes({
      hyperparameters,
      channels: { train: { records } },
      inputDataConfig: { train: { ContentType: 'image/png', RecordWrapperType: 'RecordIO' } },
    });

    expect(trained.failure).toBeUndefined();
    expect(trained.model.get('weights.bin')!.equals(fromCsv.model.get('weights.bin')!)).toBe(true);
  });

  it.each([
    ['1e999', 'train_0 record 1: the label must be within ±3.4028235e38, the range of float32; received Infinity.'],
    ['"1"', 'train_0 record 1: the label must be a number; received "1". Put the label second in AttributeNames.'],
    ['', 'train_0 record 1: the label must be a number; received "". Put the label second in AttributeNames.'],
  ])('of an augmented manifest with the label %s is refused', async (label, message) => {
    const trained = await trainFromPipes({
      hyperparameters: given({ objective: 'regression', num_classes: undefined }),
      channels: { train: { records: Buffer.concat([wrapped(pngOf(training[0]!)), wrapped(label)]) } },
      inputDataConfig: { train: { ContentType: 'image/png', RecordWrapperType: 'RecordIO' } },
    });

    expect(trained.failure).toContain(message);
  });

  it.each([
    [
      'without input_shape',
      { 'a/1/x.png': pngOf(training[0]!) },
      { input_shape: undefined, convolution_filters: undefined },
      'Hyperparameter "input_shape" is required with images: channel "train" has image/png.',
    ],
    [
      'of another size',
      { '1/x.png': fixture('gray.png') },
      {},
      'train/1/x.png: the image must be 6 × 6 pixels as the network takes; received 13 × 9. Resize it.',
    ],
    ['in no folder', { 'x.png': pngOf(training[0]!) }, {}, 'received "".'],
    [
      'of a class that is none',
      { '7/x.png': pngOf(training[0]!) },
      {},
      'train/7/x.png: the label must be a class, an integer in [0, 2]; received 7.',
    ],
    [
      'with a label beyond float32',
      { [`1${'0'.repeat(39)}/x.png`]: pngOf(training[0]!) },
      { objective: 'regression', num_classes: undefined },
      '/x.png: the label must be within ±3.4028235e38, the range of float32; received 1e+39.',
    ],
    [
      'that are none',
      { '1/x.png': 'text' },
      {},
      'train/1/x.png must be image/png: a PNG must begin with its signature and header.',
    ],
    [
      'for a network of other channels',
      { '1/x.png': pngOf(training[0]!) },
      { input_shape: `${SIDE},${SIDE},2` },
      'an image file has 1 channel (gray) or 3 (red, green, blue); the network takes 2.',
    ],
    ['with weights', { '1/x.png': pngOf(training[0]!) }, { csv_weights: '1' }, 'Images have no weights: leave it out.'],
  ])('%s is refused', async (_, train, changes, message) => {
    const trained = await trainOn({ ...asImages({ train }), hyperparameters: given(changes) });

    expect(trained.failure).toContain(message);
  });
});

/** A record of RecordIO. */
function wrapped(payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload);
  const record = Buffer.alloc(8 + Math.ceil(bytes.length / 4) * 4);
  record.writeUInt32LE(0xced7230a, 0);
  record.writeUInt32LE(bytes.length, 4);
  bytes.copy(record, 8);
  return record;
}
