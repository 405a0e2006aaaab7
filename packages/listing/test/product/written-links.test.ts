import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProduct } from '../../src/product/product-file.js';
import { withLinks } from '../../src/product/written-links.js';
import { ROOT } from '../support/product.js';

const LINKS = { notebook: 'https://a.org/n.ipynb', repository: 'https://a.org/r', samples: 'https://a.org/s' };
const WRITTEN = '  notebook: https://a.org/n.ipynb\n  repository: https://a.org/r\n  samples: https://a.org/s\n';
const write = (text: string) => withLinks(text, LINKS, 'product.yaml');

describe('links written into product.yaml', () => {
  it.each(['gradient-boosting', 'linear-regression', 'neural-network'])('leave all other lines of %s', (name) => {
    const file = join(ROOT, 'algorithms', name, 'listing', 'product.yaml');
    const text = readFileSync(file, 'utf8');

    const written = write(text);

    const lines = written.split('\n');
    const at = lines.findIndex((line) => line.startsWith('links:'));
    expect(lines.splice(at + 1, 3).join('\n')).toBe(WRITTEN.trimEnd());
    expect(lines.join('\n')).toBe(text.replace('links: {}', 'links:'));
    const before = parseProduct(text, file).product;
    expect(parseProduct(written, file).product).toEqual({ ...before, links: { ...LINKS, resources: [] } });
    expect(write(written)).toBe(written);
  });

  it.each([
    ['an empty map', 'a: 1\nlinks: {} # none yet\nb: 2\n', `a: 1\nlinks: # none yet\n${WRITTEN}b: 2\n`],
    ['no links', 'a: 1 # one', `a: 1 # one\nlinks:\n${WRITTEN}`],
    ['no links and a last line', 'a: 1\n', `a: 1\nlinks:\n${WRITTEN}`],
    [
      'other addresses',
      'links:\n    # mine\n    samples: "https://old.org" # old\n    resources:\n      - text: A\n        url: https://b.org # B\n# next\nb: 2\n',
      'links:\n    # mine\n    samples: https://a.org/s # old\n    resources:\n      - text: A\n        url: https://b.org # B\n' +
        '    notebook: https://a.org/n.ipynb\n    repository: https://a.org/r\n# next\nb: 2\n',
    ],
    [
      'an address that is written as a block',
      'links:\n  samples: >-\n    https://old.org\n  notebook: https://old.org/n\n  repository: https://old.org/r\nb: 2\n',
      'links:\n  samples: https://a.org/s\n  notebook: https://a.org/n.ipynb\n  repository: https://a.org/r\nb: 2\n',
    ],
    [
      'a block as the last field',
      'links:\n  samples: |-\n    https://old.org',
      'links:\n  samples: https://a.org/s\n  notebook: https://a.org/n.ipynb\n  repository: https://a.org/r\n',
    ],
    [
      'none, after resources whose last address is a block',
      'links:\n  resources:\n    - text: A\n      url: >-\n        https://b.org\n# next\nb: 2\n',
      `links:\n  resources:\n    - text: A\n      url: >-\n        https://b.org\n${WRITTEN}# next\nb: 2\n`,
    ],
    [
      'a map in braces',
      'links: { samples: https://old.org } # old\nb: 2\n',
      'links: { samples: https://a.org/s, notebook: https://a.org/n.ipynb, repository: https://a.org/r } # old\nb: 2\n',
    ],
  ])('take the place of %s', (_, text, expected) => {
    expect(write(text)).toBe(expected);
    expect(write(expected)).toBe(expected);
  });

  it.each([
    ['links: https://a.org\n', 'product.yaml must have a map as links, or none.'],
    ['- links\n', 'product.yaml must be a YAML map of fields.'],
    ['links: {\n', 'product.yaml must be a YAML map of fields.'],
    ['links:\nb: 2\n', 'product.yaml must have a map as links, or none.'],
    ['links:\n  samples:\nb: 2\n', 'product.yaml must have links as lines of their own; write them by hand.'],
    ['{ "a": 1, "links": {} }\n', 'product.yaml must have links as lines of their own; write them by hand.'],
    ['{ "a": 1 }\n', 'product.yaml must have links as lines of their own; write them by hand.'],
    ['a: 1\n...\n', 'product.yaml must have links as lines of their own; write them by hand.'],
  ])('are refused in %j', (text, error) => {
    expect(() => write(text)).toThrow(error);
  });
});
