import { describe, expect, it } from 'vitest';
import { readHoldOut } from '../../src/report/evaluation/hold-out.js';
import type { ValidationRecord } from '../../src/report/record.js';
import { makeFolder } from '../support/folder.js';

/** @param files by path in the folder `rows` */
function read(files: Readonly<Record<string, string>>, contentType = 'text/csv') {
  const folder = makeFolder(files);
  const profile = { holdOut: { path: 'rows', contentType } };
  return readHoldOut({ profile, input: () => folder } as unknown as ValidationRecord);
}

describe('a hold-out', () => {
  it('is read to its limit: what is after it is not looked at', () => {
    const row = '1,2\n';
    const broken = '1,"2\n';

    const { labels, isPart } = read({ 'a.csv': row.repeat(3000), 'b.csv': row.repeat(2001) + broken });

    expect({ rows: labels.length, isPart }).toEqual({ rows: 5000, isPart: true });
    expect(() => read({ 'a.csv': row.repeat(4999) + broken })).toThrow('rows: a quoted field must end on its line');
  });

  it('is whole where it has as many rows as the limit, with a label', () => {
    const { labels, isPart } = read({ 'a.csv': '1,2\n'.repeat(5000) + ',2\n'.repeat(10) });

    expect({ rows: labels.length, isPart }).toEqual({ rows: 5000, isPart: false });
  });

  it('has lines that are longer than a part of the file that is read in one call, whatever their ends and characters', () => {
    const texts = ['é', '€', '😀'].map((character) => character.repeat(400_001)); // of 0.8, 1.2 and 1.6 MB

    const { labels, features } = read({ 'a.csv': texts.map((text, i) => `${i},${text}`).join('\r\n') });

    expect(labels).toEqual(['0', '1', '2']);
    expect(features.map(([text], i) => text === texts[i])).toEqual([true, true, true]);
  });

  it('has no header line of any of its files', () => {
    const files = { 'a.csv': 'y,x\n1,2\n', 'b.csv': 'y,x\n\n3,4\n' };

    expect(read(files, 'text/csv; Header=Present')).toMatchObject({ labels: ['1', '3'], features: [['2'], ['4']] });
  });

  it('is left out for a line that is longer than a request may be', () => {
    expect(() => read({ 'a.csv': `1,${'2'.repeat(26_000_000)}` })).toThrow(
      'a line of rows is longer than 25000000 characters.',
    );
  });
});
