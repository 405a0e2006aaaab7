import { describe, expect, it } from 'vitest';
import { createPathTable } from '../../src/serve/path-table.js';

const find = createPathTable(
  new Map(['/ping', '/models', '/models/{name}/invoke', '/models/{name}'].map((path) => [path, path])),
);

describe('a path', () => {
  it.each([
    ['/ping', '/ping', ''],
    ['/models', '/models', ''],
    ['/models/a', '/models/{name}', 'a'],
    ['/models/invoke', '/models/{name}', 'invoke'],
    ['/models/a/invoke', '/models/{name}/invoke', 'a'],
    ['/models/a%2Fb%20%C3%BC/invoke', '/models/{name}/invoke', 'a/b ü'],
    ['/models/..', '/models/{name}', '..'],
    ['/models/%2525', '/models/{name}', '%25'],
  ])('has its parameter, decoded: %s', (path, value, parameter) => {
    expect(find(path)).toEqual({ value, parameter });
  });

  it.each(['/', '/models/', '/models//invoke', '/models/a/b', '/models/a/b/invoke', '/models/%FF', '/ping/a'])(
    'is unknown: %s',
    (path) => {
      expect(find(path)).toBeUndefined();
    },
  );
});
