import { expect, it } from 'vitest';
import { ServiceError } from '../src/index.js';

it('an error of a service has a code, a message, and HTTP status 400 where none is given', () => {
  const error = new ServiceError('ResourceNotFound', 'Requested resource not found.');

  expect(error).toMatchObject({ code: 'ResourceNotFound', message: 'Requested resource not found.', status: 400 });
});
