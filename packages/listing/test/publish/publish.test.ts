/** A product published to the API on this machine, by the real SDK. */
import { expect, it } from 'vitest';
import { publish } from '../../src/publish/publish.js';
import { openAccount } from '../support/account.js';

const APPLY = { isDryRun: false, onStep: () => undefined };

it('makes nothing in a dry run, a Completed algorithm when applied, and nothing more when repeated', async () => {
  const account = await openAccount();
  const calls: string[] = [];
  const around = (call: string, next: () => Promise<unknown>) => {
    calls.push(call);
    return next();
  };

  const planned = await publish(account.request({ around }), { ...APPLY, isDryRun: true });
  const changes = calls.filter((call) => /Create|Put|POST|PUT/.test(call));
  const made = await publish(account.request(), APPLY);
  const repeated = await publish(account.request(), APPLY);

  expect(changes).toEqual([]);
  expect(planned.find(({ step }) => step === 'algorithm')).toMatchObject({
    state: 'to do',
    text: 'there is none; makes sum-1-2-3',
    cost: 'none',
  });
  expect(made.at(-2)).toMatchObject({ step: 'validation', state: 'done', text: 'sum-1-2-3 is Completed' });
  expect(made.at(-1)?.text).toBe('1 stored output equal, 2 numbers within 1e-9');
  const again = repeated.filter(({ state }) => state !== 'done before').map(({ step }) => step);
  expect(again).toEqual(['image scan']); // there is no scanner on this machine
});
