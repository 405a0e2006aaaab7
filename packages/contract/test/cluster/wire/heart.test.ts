import { expect, it } from 'vitest';
import { createHeart } from '../../../src/cluster/wire/heart.js';

function heart() {
  const seen: string[] = [];
  return {
    seen,
    ...createHeart(
      () => seen.push('beat'),
      () => seen.push('lost'),
    ),
  };
}

it('a peer is lost once it was silent for three whole intervals', () => {
  const { seen, tick } = heart();

  for (let i = 0; i < 4; i++) tick();

  expect(seen).toEqual(['beat', 'beat', 'beat', 'lost']);
});

it('a peer that is heard in time is not lost', () => {
  const { seen, tick, hear } = heart();

  for (let i = 0; i < 9; i++) {
    tick();
    if (i % 3 === 2) hear();
  }

  expect(seen).toEqual(Array(9).fill('beat'));
});
