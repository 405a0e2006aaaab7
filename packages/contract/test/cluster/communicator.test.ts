import { expect, it } from 'vitest';
import { oneHost } from '../../src/cluster/communicator.js';

it('of a job on one host leaves every array as it is, and gives it back without a copy', () => {
  const communicator = oneHost();
  const values = new Float64Array([1, -2, 0.5]);

  communicator.sum(values);
  communicator.max(values);
  communicator.broadcast(values);
  communicator.barrier();

  expect([communicator.rank, communicator.size]).toEqual([0, 1]);
  expect([...values]).toEqual([1, -2, 0.5]);
  expect(communicator.gather(values)).toEqual([values]);
  expect(communicator.gather(values)[0]).toBe(values);
  expect(communicator.gatherValues({ a: 1 })).toEqual([{ a: 1 }]);
  expect([communicator.any(true), communicator.any(false)]).toEqual([true, false]);
});
