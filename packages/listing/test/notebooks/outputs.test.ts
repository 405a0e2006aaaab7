import { describe, expect, it } from 'vitest';
import { accountIn, fingerprintOf, sampleProblems, withOutputs } from '../../src/notebooks/outputs.js';
import { code, markdown, notebookOf, printed } from '../support/notebooks.js';

const SAMPLE = { tags: ['sample-output'], sample: 'data/01.csv' };
const PICTURE = {
  output_type: 'display_data',
  data: { 'image/png': 'iVBO123456789012', 'text/plain': '<Figure>' },
} as const;

const stored = (text: string) => (path: string) => (path === '01.csv' ? text : undefined);

describe('samples', () => {
  it('has no problem with what is printed as it is stored, in several parts', () => {
    const read = stored('1.5\n2\n');
    const cell = code('', { tags: ['sample-output'], sample: '01.csv' }, [printed('1.5\n'), printed('2\n')]);

    expect(sampleProblems(notebookOf(cell), read)).toEqual([]);
  });

  it('names the cell, the sample and the place of a difference', () => {
    const read = stored('1.5\n');
    const cell = code('', { tags: ['sample-output'], sample: '01.csv' }, [printed('1.6\n')]);

    expect(sampleProblems(notebookOf(markdown('## 4. Deploy'), cell), read)).toEqual([
      'cell 2 ("4. Deploy"): the output must equal 01.csv; at character 3 it has "1.6\\n" where the sample has "1.5\\n"',
    ]);
  });

  it('reports an output that is the beginning of the sample, and a sample that is missing', () => {
    const read = stored('1.5\n');
    const shorter = code('', { tags: ['sample-output'], sample: '01.csv' }, [printed('1.')]);

    expect(sampleProblems(notebookOf(shorter), read)[0]).toContain('at character 3');
    expect(sampleProblems(notebookOf(code('', SAMPLE, [printed('1')])), read)[0]).toContain(
      'there must be a sample data/01.csv; there is none',
    );
  });

  it('wants a picture where no sample is named', () => {
    const tags = { tags: ['sample-output'] };

    expect(sampleProblems(notebookOf(code('', tags, [PICTURE])), stored(''))).toEqual([]);
    expect(sampleProblems(notebookOf(code('', tags, [printed('x')])), stored(''))).toEqual([
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
