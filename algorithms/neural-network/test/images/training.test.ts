/**
 * Images in training and in requests: they are the same rows as a CSV of their pixels, so models and answers are the same,
 * bit for bit.
 */
import { readFileSync } from 'node:fs';
import { type ContainerContents, openInvocations, runTraining } from '@algo/contract/testing';
import { createRandom } from '@algo/numerics';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { useJobs } from '../job/jobs.js';

const { trainOn, trainFromPipes } = useJobs();

const SIDE = 6;
const hyperparameters = {
  objective: 'multiclass',
  num_classes: '3',
  epochs: '2',
  backend: 'wasm',
  threads: '1',
  input_shape: `${SIDE},${SIDE},1`,
  convolution_filters: '4',
  hidden_units: '8',
};

/** The hyperparameters with changes; one that is undefined is left out. */
function given(changes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries({ ...hyperparameters, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

interface Picture {
  readonly label: number;
  readonly pixels: Uint8Array;
}

/** Stripes of three widths with noise. */
function pictures(count: number, channels = 1): Picture[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const label = i % 3;
    const pixels = Uint8Array.from({ length: SIDE * SIDE * channels }, (_, at) => {
      const column = Math.floor(at / channels) % SIDE;
      return (Math.floor(column / (label + 1)) % 2) * 200 + random.below(50);
    });
    return { label, pixels };
  });
}

function pngOf({ pixels }: Picture): Uint8Array {
  const channels = pixels.length / SIDE ** 2;
  return encode({ width: SIDE, height: SIDE, channels, depth: 8, data: pixels });
}

const csvOf = (all: readonly Picture[]) => all.map(({ label, pixels }) => [label, ...pixels].join()).join('\n');
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

const fixture = (name: string) => readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url));

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
      'train/7/x.png line 1: the label must be a class, an integer in [0, 2]; received 7.',
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

describe('a request of an image', () => {
  const training = pictures(30);
  let gray: Awaited<ReturnType<typeof openInvocations>>;
  let colour: typeof gray;
  const roots: { remove(): void }[] = [];

  beforeAll(async () => {
    const open = async (contents: ContainerContents, variables = {}) => {
      const trained = await runTraining(neuralNetwork, contents);
      expect(trained.failure).toBeUndefined();
      roots.push(trained.root);
      return openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu', ...variables });
    };
    gray = await open({ hyperparameters, channels: { train: { 'a.csv': csvOf(training) } } });
    const wide = '9,13,3';
    const rows = [0, 1, 2].map((label) =>
      [label, ...fixture('colour.png.rgb').map((value) => (value + label) % 256)].join(),
    );
    colour = await open({
      hyperparameters: { ...hyperparameters, input_shape: wide },
      channels: { train: { 'a.csv': rows.join('\n') } },
    });
  });
  afterAll(async () => {
    await gray.close();
    await colour.close();
    for (const root of roots) root.remove();
  });

  it('as PNG has the answer of its pixels as CSV, in every format of answers', async () => {
    for (const accept of ['text/csv', 'application/json', 'application/jsonlines', 'text/csv;output=probabilities']) {
      for (const picture of training.slice(0, 3)) {
        const asCsv = await gray({ contentType: 'text/csv', accept, body: picture.pixels.join() });
        const asPng = await gray({ contentType: 'image/png', accept, body: pngOf(picture) });
        expect(asPng).toEqual(asCsv);
        expect(asPng.status).toBe(200);
      }
    }
  });

  it('among many concurrent ones, good and bad, has the answer of its own pixels', async () => {
    const accept = 'text/csv;output=probabilities';
    const alone: unknown[] = [];
    for (const picture of training)
      alone.push(await gray({ contentType: 'text/csv', accept, body: picture.pixels.join() }));

    const images = [...training.map(pngOf), fixture('gray.png')];
    const answers = await Promise.all(images.map((body) => gray({ contentType: 'image/png', accept, body })));

    expect(answers.slice(0, -1)).toEqual(alone);
    expect(answers.at(-1)!.status).toBe(400);
  });

  it.each([
    ['image/png', 'colour.png'],
    ['image/webp', 'lossless.webp'],
    ['image/webp', 'lossy.webp'],
    ['image/jpeg', 'colour.jpg'],
    ['image/jpeg', 'progressive.jpg'],
    ['image/png', 'gray.png'],
    ['application/x-image', 'lossless.webp'],
    ['application/x-image', 'gray.png'],
  ])('as %s has the answer of the pixels that Pillow reads from it (%s)', async (contentType, name) => {
    const pixels = await colour({ contentType: 'text/csv', body: fixture(`${name}.rgb`).join() });
    const image = await colour({ contentType, body: fixture(name) });

    expect(image).toEqual(pixels);
    expect(image.status).toBe(200);
  });

  it.each([
    [
      'of another size',
      'image/png',
      fixture('gray.png'),
      'request: the image must be 6 × 6 pixels as the network takes; received 13 × 9. Resize it.',
    ],
    [
      'of another type',
      'image/png',
      fixture('gray.jpg'),
      'request: the body must be image/png; it cannot be decoded: a PNG must begin with its signature and header.',
    ],
    [
      'that ends early',
      'image/png',
      pngOf(training[0]!).subarray(0, -20),
      'request: the body must be image/png; it cannot be decoded: the PNG ends within a chunk.',
    ],
    [
      'of an unknown type',
      'application/x-image',
      fixture('other.gif'),
      'request: the body must be application/x-image; it cannot be decoded: an image must be one of image/png, image/jpeg, image/webp.',
    ],
    ['of nothing', 'image/webp', Buffer.alloc(0), 'request: the body must be image/webp; it is empty.'],
  ])('%s is answered by 400 with the reason', async (_, contentType, body, message) => {
    const answer = await gray({ contentType, body });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error.message).toBe(message);
  });
});

it('a model of a table says that it reads no images', async () => {
  const trained = await trainOn({
    hyperparameters: { objective: 'binary', epochs: '1' },
    channels: { train: { 'a.csv': '0,1,2\n1,3,4\n' } },
  });
  const invoke = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu' });

  const answer = await invoke({ contentType: 'image/png', body: fixture('gray.png') });
  await invoke.close();

  expect(answer.status).toBe(415);
  expect(answer.body).toContain('request: this model reads rows of 2 numbers, not images. Train one with input_shape.');
});

it('each image of a batch transform is a request, whose answer ends with a line end', async () => {
  const training = pictures(6);
  const trained = await trainOn({ hyperparameters, channels: { train: { 'a.csv': csvOf(training) } } });
  const invoke = await openInvocations(neuralNetwork, trained, { ALGO_BACKEND: 'cpu', SAGEMAKER_BATCH: 'true' });

  const answer = await invoke({ contentType: 'image/png', accept: 'application/json', body: pngOf(training[0]!) });
  await invoke.close();

  expect(answer.body).toMatch(/^\{"predictions":\[\{.*\}\]\}\n$/);
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
