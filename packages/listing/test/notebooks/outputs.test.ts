import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountIn, fingerprintOf, sampleProblems, withOutputs } from '../../src/notebooks/outputs.js';
import { code, markdown, notebookOf, printed } from '../support/notebooks.js';

const SAMPLE = { tags: ['sample-output'], sample: 'data/01.csv' };
const PICTURE = {
  output_type: 'display_data',
  data: { 'image/png': 'iVBO123456789012', 'text/plain': '<Figure>' },
} as const;

function folderWith(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-outputs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, file), text);
  return folder;
}

describe('samples', () => {
  it('has no problem with what is printed as it is stored, in several parts', () => {
    const folder = folderWith('01.csv', '1.5\n2\n');
    const cell = code('', { tags: ['sample-output'], sample: '01.csv' }, [printed('1.5\n'), printed('2\n')]);

    expect(sampleProblems(notebookOf(cell), folder)).toEqual([]);
  });

  it('names the cell, the sample and the place of a difference', () => {
    const folder = folderWith('01.csv', '1.5\n');
    const cell = code('', { tags: ['sample-output'], sample: '01.csv' }, [printed('1.6\n')]);

    expect(sampleProblems(notebookOf(markdown('## 4. Deploy'), cell), folder)).toEqual([
      'cell 2 ("4. Deploy"): the output must equal 01.csv; at character 3 it has "1.6\\n" where the sample has "1.5\\n"',
    ]);
  });

  it('reports an output that is the beginning of the sample, and a sample that is missing', () => {
    const folder = folderWith('01.csv', '1.5\n');
    const shorter = code('', { tags: ['sample-output'], sample: '01.csv' }, [printed('1.')]);

    expect(sampleProblems(notebookOf(shorter), folder)[0]).toContain('at character 3');
    expect(sampleProblems(notebookOf(code('', SAMPLE, [printed('1')])), folder)[0]).toContain(
      'data/01.csv cannot be read',
    );
  });

  it('wants a picture where no sample is named', () => {
    const tags = { tags: ['sample-output'] };

    expect(sampleProblems(notebookOf(code('', tags, [PICTURE])), '.')).toEqual([]);
    expect(sampleProblems(notebookOf(code('', tags, [printed('x')])), '.')).toEqual([
      'cell 1: the output must have a picture; it has none',
    ]);
  });
});

describe('stored outputs', () => {
  const original = notebookOf(markdown('# A'), code('print(1)'));

  it('replaces account numbers in texts, and leaves pictures and other numbers as they are', () => {
    const text =
      'arn:aws:sagemaker:us-east-1:865070037744:algorithm/a, s3://sagemaker-us-east-1-000000000000 0.123456789012';
    const stored = withOutputs(original, notebookOf(markdown('# A'), code('print(1)', {}, [printed(text), PICTURE])));

    expect(stored.cells[1]!.outputs).toEqual([
      printed(
        'arn:aws:sagemaker:us-east-1:111122223333:algorithm/a, s3://sagemaker-us-east-1-111122223333 0.123456789012',
      ),
      PICTURE,
    ]);
    expect(accountIn(stored)).toBeUndefined();
  });

  it('finds an account number that was stored otherwise', () => {
    expect(accountIn(notebookOf(code('', {}, [printed('arn:aws:iam::865070037744:role/x')])))).toBe('865070037744');
  });

  it('marks the cells that the outputs are of: another source, tag or order is another mark', () => {
    const stored = withOutputs(original, original);

    expect(stored.metadata.executed).toEqual({ source: fingerprintOf(stored) });
    for (const changed of [
      notebookOf(markdown('# A'), code('print(2)')),
      notebookOf(markdown('# A'), code('print(1)', { tags: ['clean-up'] })),
      notebookOf(code('print(1)'), markdown('# A')),
    ]) {
      expect(fingerprintOf(changed)).not.toBe(fingerprintOf(stored));
    }
  });
});
