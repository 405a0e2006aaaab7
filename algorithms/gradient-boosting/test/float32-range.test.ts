import { openInvocations, runTraining } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { gradientBoosting } from '../src/algorithm.js';

const ROWS = Array.from({ length: 20 }, (_, i) => `${i},${i}\n`).join('');
const contentsOf = (csv: string) => ({
  hyperparameters: { num_round: '2', min_child_weight: '0' },
  channels: { train: { 'a.csv': csv } },
});

describe('a finite number that overflows float32', () => {
  it.each([
    ['1,1e39', 'the value'],
    ['1e39,1', 'the label'],
  ])('fails a training job on the row %s, naming file, line and column', async (row, part) => {
    const { root, exitCode, failure } = await runTraining(gradientBoosting, contentsOf(`${ROWS}${row}\n`));
    root.remove();

    const column = part === 'the label' ? 1 : 2;
    expect(exitCode).toBe(1);
    expect(failure).toContain(`train/a.csv line 21 column ${column}: ${part} must be within ±3.4028235e38`);
  });

  it('is refused in a request, naming row and column', async () => {
    const result = await runTraining(gradientBoosting, contentsOf(ROWS));
    const invoke = await openInvocations(gradientBoosting, result);
    result.root.remove();

    for (const text of ['1e39', '1e308']) {
      const csv = await invoke({ contentType: 'text/csv', body: `1\n${text}\n` });
      const json = await invoke({ contentType: 'application/json', body: `{"instances":[[${text}]]}` });

      expect(csv).toMatchObject({ status: 400, body: expect.stringContaining('request row 2 column 1') });
      expect(json).toMatchObject({ status: 400, body: expect.stringContaining('E_DATA_INFINITE') });
    }
    expect(await invoke({ contentType: 'text/csv', body: '3.4028235e38\n-3.4028235e38\n' })).toMatchObject({
      status: 200,
    });
  });
});
