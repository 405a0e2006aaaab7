import { expect, it } from 'vitest';
import { usedByTransform } from '../../console/src/state/transform-parameters.js';
import { dataLog } from '../../src/sagemaker/transform-jobs/data-log.js';

it('a transform job used what the service has logged, and before that nothing is known', () => {
  const parameters = { maxConcurrentTransforms: 2, maxPayloadInMB: 25, batchStrategy: 'SingleRecord' } as const;
  const result = {
    status: 'Completed',
    files: [],
    records: 0,
    requests: 0,
    seconds: 0,
    logFile: '',
    parameters,
  } as const;
  const texts = ['MaxConcurrentTransforms=9 says the container', ...dataLog(result, new Date(0))];
  const lines = texts.map((text, id) => ({ id, at: 0, text }));

  expect(usedByTransform(lines)).toEqual({
    ...{ maxConcurrentTransforms: '2', maxPayloadInMB: '25', batchStrategy: 'SingleRecord' },
  });
  expect(usedByTransform(lines.slice(0, 1))).toBeUndefined();
});
