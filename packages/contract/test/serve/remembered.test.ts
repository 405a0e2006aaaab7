import { describe, expect, it } from 'vitest';
import { remembered } from '../../src/serve/remembered.js';

function counted() {
  const calls: (string | undefined)[] = [];
  const find = remembered((text: string | undefined) => {
    calls.push(text);
    if (text === 'bad') throw new RangeError(text);
    return { text };
  });
  return { calls, find };
}

describe('what follows from a header', () => {
  it('is found once for the same text, also for no text', () => {
    const { calls, find } = counted();

    const found = ['text/csv', undefined, 'text/csv', undefined].map(find);

    expect(found.map(({ text }) => text)).toEqual(['text/csv', undefined, 'text/csv', undefined]);
    expect(found[2]).toBe(found[0]);
    expect(calls).toEqual(['text/csv', undefined]);
  });

  it('is not kept for a text that is wrong or long', () => {
    const { calls, find } = counted();
    const long = 'x'.repeat(1000);

    for (let i = 0; i < 2; i++) {
      expect(() => find('bad')).toThrow(RangeError);
      find(long);
    }

    expect(calls).toEqual(['bad', long, 'bad', long]);
  });

  it('does not grow with a caller that always sends other texts', () => {
    const { calls, find } = counted();

    find('first');
    for (let i = 0; i < 1000; i++) find(`text/csv;n=${i}`);
    find('first');

    expect(calls.filter((text) => text === 'first')).toHaveLength(2);
  });
});
