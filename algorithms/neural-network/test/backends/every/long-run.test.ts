import { expect, it } from 'vitest';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { BATCHES, runStreamedJob } from '../../support/streamed-job.js';
import { usage } from '../../support/usage.js';

describeOnEveryBackend('a job', (_, backend) => {
  it(`the number of tensors is unchanged after ${BATCHES} more steps on rows that are streamed, measured and saved`, async () => {
    await runStreamedJob(backend(), 1); // what is uploaded once a backend stays from here on
    const start = usage(backend());

    const { history, looks } = await runStreamedJob(backend(), 2, [1, 2]);

    const end = usage(backend());
    expect(history).toHaveLength(2);
    expect(looks[1]!.tensors).toBe(looks[0]!.tensors);
    expect(looks[1]!.bytes).toBe(looks[0]!.bytes);
    expect(end.tensors).toBe(start.tensors);
    expect(end.bytes).toBe(start.bytes);
  });
});
