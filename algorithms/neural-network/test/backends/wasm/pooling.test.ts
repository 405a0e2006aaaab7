import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integers, normals } from '../../support/numbers.js';
import { tensorOf, useWasm } from '../../support/wasm.js';

interface Image {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Maxima and the positions they come from, the first of equal ones. */
function reference(input: ArrayLike<number>, { rows, height, width, channels }: Image, size: number) {
  const [outHeight, outWidth] = [Math.floor(height / size), Math.floor(width / size)];
  const maxima = new Float32Array(rows * outHeight * outWidth * channels);
  const sources = maxima.map((_, at) => {
    const channel = at % channels;
    const x = Math.floor(at / channels) % outWidth;
    const y = Math.floor(at / channels / outWidth) % outHeight;
    const row = Math.floor(at / channels / outWidth / outHeight);
    let source = -1;
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) {
        const from = ((row * height + y * size + dy) * width + x * size + dx) * channels + channel;
        if (source < 0 || input[from]! > input[source]!) source = from;
      }
    }
    maxima[at] = input[source]!;
    return source;
  });
  return { maxima, sources };
}

describe('max pooling on wasm', () => {
  const operations = useWasm();

  it('takes the maximum of each window and passes the gradient to it, or to the first of equal ones', () => {
    const sides = fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      height: fc.integer({ min: 3, max: 13 }),
      width: fc.integer({ min: 3, max: 13 }),
      channels: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(sides, fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.integer(), (image, size, isTied, seed) => {
        const shape = [image.rows, image.height, image.width, image.channels];
        const count = shape.reduce((product, side) => product * side, 1);
        const values = isTied ? integers(count, 3, seed) : normals(count, seed);
        const input = tensorOf(values, shape);

        const output = operations().maxPooling(input, size);
        const slopes = normals(output.size, seed + 1);
        const gradient = operations().maxPoolingBackward(input, output, tensorOf(slopes, output.shape), size);

        const { maxima, sources } = reference(values, image, size);
        const expected = new Float32Array(count);
        sources.forEach((source, at) => {
          expected[source] = slopes[at]!;
        });
        expect(output.dataSync()).toEqual(maxima);
        expect(gradient.dataSync()).toEqual(expected);
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it('divides large images between tasks', () => {
    const image = { rows: 33, height: 16, width: 16, channels: 8 };
    const values = normals(33 * 16 * 16 * 8, 9);

    const output = operations().maxPooling(tensorOf(values, [33, 16, 16, 8]), 2);

    expect(output.dataSync()).toEqual(reference(values, image, 2).maxima);
  });
});
