/** A request of an image: the same row as a CSV of its pixels, so answers are the same, bit for bit. */
import { type ContainerContents, openInvocations, runTraining } from '@algo/contract/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neuralNetwork } from '../../src/algorithm.js';
import { useJobs } from '../job/jobs.js';
import { csvOf, fixture, hyperparameters, pictures, pngOf } from './pictures.js';

const { trainOn } = useJobs();

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
