import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binsOf } from '../../src/report/charts/histogram.js';
import { linearScale } from '../../src/report/charts/scale.js';
import { html } from '../../src/report/page/html.js';
import { renderMarkdown } from '../../src/report/page/markdown.js';
import { formatNumber, formatScore } from '../../src/report/page/numbers.js';

describe('a scale', () => {
  it.each([
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [0.9902, 1],
      [0.99, 0.992, 0.994, 0.996, 0.998, 1],
    ],
    [
      [-88, 100],
      [-100, -50, 0, 50, 100],
    ],
    [
      [3, 3],
      [1, 2, 3, 4, 5],
    ],
  ] as const)('of %j has the ticks %j', ([low, high], ticks) => {
    expect(linearScale([low, high], [0, 100]).ticks).toEqual(ticks);
  });

  it('has all of its domain within its range, whatever the values', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const scale = linearScale([low, high], [10, 110]);
        expect(scale.at(low)).toBeGreaterThanOrEqual(10 - 1e-3); // thousandths of a unit of the drawing
        expect(scale.at(high)).toBeLessThanOrEqual(110 + 1e-3);
        expect(scale.ticks.length).toBeLessThan(15);
      }),
    );
  });
});

it('a histogram has each value in one bin', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (values) => {
        const bins = binsOf(values);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        expect(bins[0]!.from).toBe(values.reduce((a, b) => Math.min(a, b)) + 0);
        expect(bins.at(-1)!.to).toBe(values.reduce((a, b) => Math.max(a, b)) + 0);
      },
    ),
  );
});

it.each([
  [1234.5678, '1,234.57'],
  [0.99744, '0.9974'],
  [0.000012345, '0.00001234'],
  [455, '455'],
  [-0.5, '-0.5'],
])('the number %d is shown as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it('a score is not rounded up to 1', () => {
  expect([0.99997, 1, 0.9999].map(formatScore)).toEqual(['> 0.9999', '1', '0.9999']);
});

describe('texts', () => {
  it('are escaped in markup and in attributes', () => {
    const hostile = `"><script>alert('x')</script>&\u0007`;

    expect(html`<p title="${hostile}">${[hostile]}</p>`.markup).toBe(
      `<p title="${'&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\uFFFD'}">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\uFFFD</p>`,
    );
  });

  it('in Markdown bring no HTML, no pictures and no links but to https', () => {
    const { markup } = renderMarkdown(
      '## Title\n\n<img src=x onerror=alert(1)> **bold** [a](javascript:alert(1)) [b](https://example.org/?a="b) ![c](https://example.org/c.png)\n\n<script>x</script>\n',
    );

    expect(markup).toContain('<h3>Title</h3>');
    expect(markup).toContain('<strong>bold</strong>');
    expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(markup).toContain('&lt;script&gt;x&lt;/script&gt;');
    expect(markup).not.toMatch(/javascript:|<img|<script/);
    expect(markup.match(/<a href="[^"]*"/g)).toEqual(['<a href="https://example.org/?a=&quot;b"']);
  });
});
