/** Runs until one goes through, as a person who repeats the command. */
import type { Around } from '../../src/publish/clients.js';
import { openContext, type PublishRequest } from '../../src/publish/context.js';
import { publish } from '../../src/publish/publish.js';
import { type Account, openAccount } from './account.js';
import type { Fault } from './faults.js';
import { snapshotOf } from './snapshot.js';

export const APPLY = { isDryRun: false, onStep: () => undefined };

/** More than there are calls: a run that makes no progress ends. */
const RUNS = 1000;

/** @returns the errors of the runs before the one that went through */
export async function runUntilDone(fault: Fault, run: (around: Around) => Promise<unknown>): Promise<readonly Error[]> {
  const errors: Error[] = [];
  while (errors.length < RUNS) {
    try {
      await run(fault.around());
      return errors;
    } catch (error) {
      errors.push(error as Error);
    }
  }
  throw new Error(`The last of ${RUNS} runs failed too: ${errors.at(-1)?.message}`);
}

export function publishUntilDone(
  account: Account,
  fault: Fault,
  changes: Partial<PublishRequest> = {},
): Promise<readonly Error[]> {
  return runUntilDone(fault, (around) => publish(account.request({ ...changes, around }), APPLY));
}

/** An account with things of others in it, of the names and kinds that publishing makes. */
export async function openSharedAccount(): Promise<Account> {
  const account = await openAccount();
  const { clients } = await openContext(account.request());
  const Bucket = 'foreign';
  await clients.s3.createBucket({ Bucket });
  await clients.s3.putObject({ Bucket, Key: 'sum/1.2.3/sample-data/train/numbers.csv', Body: '7' });
  await clients.iam.createRole({ RoleName: 'foreign', AssumeRolePolicyDocument: '{}' });
  await clients.ecr.createRepository({ repositoryName: 'foreign' });
  return account;
}

/** Of an account in which nothing went wrong; made once for each kind, in a test. */
export function undisturbed(hasNoTrial: boolean): ReturnType<typeof snapshotOf> {
  const known = snapshots.get(hasNoTrial) ?? publishOnce(hasNoTrial);
  snapshots.set(hasNoTrial, known);
  return known;
}

// --- internal ---

const snapshots = new Map<boolean, ReturnType<typeof snapshotOf>>();

async function publishOnce(hasNoTrial: boolean) {
  const account = await openSharedAccount();
  await publish(account.request({ hasNoTrial }), APPLY);
  return snapshotOf(account.request());
}
