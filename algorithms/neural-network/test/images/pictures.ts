/** Small images, the hyperparameters that train on them, and stored image files with the pixels that Pillow reads from them. */
import { readFileSync } from 'node:fs';
import { createRandom } from '@algo/numerics';
import { encode } from 'fast-png';

export const SIDE = 6;
/** Of a small network for images of one channel in three classes. */
export const hyperparameters = {
  objective: 'multiclass',
  num_classes: '3',
  epochs: '2',
  backend: 'wasm',
  threads: '1',
  input_shape: `${SIDE},${SIDE},1`,
  convolution_filters: '4',
  hidden_units: '8',
};

export interface Picture {
  readonly label: number;
  readonly pixels: Uint8Array;
}

/** Stripes of three widths with noise. */
export function pictures(count: number, channels = 1): Picture[] {
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

export function pngOf({ pixels }: Picture): Uint8Array {
  const channels = pixels.length / SIDE ** 2;
  return encode({ width: SIDE, height: SIDE, channels, depth: 8, data: pixels });
}

export const csvOf = (all: readonly Picture[]) => all.map(({ label, pixels }) => [label, ...pixels].join()).join('\n');

export const fixture = (name: string) => readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url));
