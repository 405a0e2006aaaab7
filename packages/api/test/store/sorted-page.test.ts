import { expect, it } from 'vitest';
import { sortedPage } from '../../src/store/sorted-page.js';

interface Item {
  readonly name: string;
  readonly size: number;
}

const items: Item[] = [
  { name: 'a', size: 3 },
  { name: 'b', size: 1 },
  { name: 'c', size: 3 },
  { name: 'd', size: 2 },
];

function list(from: readonly Item[], nextToken: string | undefined, isDescending = false) {
  const { page, nextToken: next } = sortedPage(from, {
    ...{ key: ({ size }: Item) => size, name: ({ name }: Item) => name, maxResults: 2, isDescending, nextToken },
    refuse: (token) => new RangeError(`no token: ${token}`),
  });
  return { names: page.map(({ name }) => name).join(''), next };
}

it.each([
  [false, 'bd', 'ac'],
  [true, 'ca', 'db'],
])('gives each item once, in order, where descending is %s', (isDescending, first, second) => {
  const one = list(items, undefined, isDescending);
  const two = list(items, one.next, isDescending);

  expect([one.names, two.names, two.next]).toEqual([first, second, undefined]);
});

it('continues after an item that has left the list', () => {
  const { next } = list(items, undefined);

  const rest = list(
    items.filter(({ name }) => name !== 'd'),
    next,
  );

  expect(rest.names).toBe('ac');
});

it.each(['', 'x', btoa('5'), btoa('[true,"a"]'), btoa('[1]')])('refuses the token %j', (token) => {
  expect(() => list(items, token)).toThrow(`no token: ${token}`);
});
