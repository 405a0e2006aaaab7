/** A publishing that is killed, throttled or loses its credentials at each call in turn ends as an undisturbed one. */
import { describe, expect, it } from 'vitest';
import { openSharedAccount, publishUntilDone, undisturbed } from '../support/disturbed.js';
import { expired, type Fault, killed, throttled } from '../support/faults.js';
import { snapshotOf } from '../support/snapshot.js';

/** The first of them for each call; what is called more often is called in a loop. */
const TIMES = 1;

const FAULTS: readonly (readonly [name: string, make: () => Fault, hasReruns: boolean])[] = [
  ['killed before', () => killed('before', { times: TIMES }), true],
  ['killed after', () => killed('after', { times: TIMES }), true],
  ['without valid credentials at', () => expired({ times: TIMES }), true],
  ['throttled at', () => throttled({ times: TIMES, isFor: (call) => !call.startsWith('Pricing') }), false],
];

describe.each(['without', 'with'] as const)('%s a trial', (trial) => {
  const hasNoTrial = trial === 'without';
  it.each(FAULTS)(
    '%s each call in turn, the account is in the end as it is undisturbed',
    async (_, make, hasReruns) => {
      const account = await openSharedAccount();
      const fault = make();

      const errors = await publishUntilDone(account, fault, { hasNoTrial });

      expect(await snapshotOf(account.request())).toEqual(await undisturbed(hasNoTrial));
      expect(errors).toHaveLength(hasReruns ? fault.calls.length : 0);
      expect(new Set(fault.calls).size).toBeGreaterThan(trial === 'with' ? 40 : 20);
    },
  );
});
