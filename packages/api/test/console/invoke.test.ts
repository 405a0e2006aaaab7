import { expect, it } from 'vitest';
import { headersOf } from '../../console/src/api/invoke.js';
import { containersOf, isMultiModel } from '../../console/src/state/members.js';

it('a request names its variant and target model where it has them', () => {
  const request = { endpoint: 'end', body: '', contentType: 'text/csv', accept: '', variant: '', targetModel: '' };

  expect(headersOf(request)).toEqual({ 'Content-Type': 'text/csv' });
  expect(headersOf({ ...request, variant: 'a', targetModel: 'b.tar.gz' })).toEqual({
    'Content-Type': 'text/csv',
    'X-Amzn-SageMaker-Target-Variant': 'a',
    'X-Amzn-SageMaker-Target-Model': 'b.tar.gz',
  });
});

it('a model has many models where one of its containers has', () => {
  const single = { Image: 'a' };
  const many = { Image: 'a', Mode: 'MultiModel' };

  expect(
    [{ PrimaryContainer: single }, { PrimaryContainer: many }, { Containers: [single, many] }].map((model) =>
      containersOf(model).some(isMultiModel),
    ),
  ).toEqual([false, true, true]);
});
