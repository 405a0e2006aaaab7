/** `algo publish`, `algo unpublish` and `algo validate --runner sagemaker` as their users run them, also ended by SIGKILL. */
import { expect, it } from 'vitest';
import { algo, start } from './support/command.js';
import { sellerWorkspace } from './support/seller.js';

const PUBLISH = ['publish', 'sum', '--no-push'];

it('says what it would make, makes it though it is killed at each of its steps, and removes all of it', async () => {
  const { workspace } = await sellerWorkspace();
  const planned = await algo(workspace, ...PUBLISH);
  expect(planned.stdout).toContain('Nothing was made.');
  expect(planned.stdout).toContain('makes bucket sagemaker-us-east-1-000000000000 in us-east-1');

  for (const step of ['bucket', 'sample data', 'trial', 'algorithm', 'validation']) {
    const { child, finished, printed } = start(workspace, [...PUBLISH, '--apply']);
    await printed(new RegExp(`^${step}: to do`, 'm'));
    child.kill('SIGKILL');
    await finished;
  }
  const made = await algo(workspace, ...PUBLISH, '--apply');
  const again = await algo(workspace, ...PUBLISH);
  const removed = await algo(workspace, 'unpublish', 'sum', '--apply');
  const left = await algo(workspace, 'unpublish', 'sum');

  expect({ ...made, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(made.stdout).toMatch(/outputs: done before, 1 stored output equal/);
  expect(again.stdout).not.toMatch(/^[^:]+: to do,/m);
  expect(removed.stdout).toContain('algorithm sum-1-2-3: removed');
  expect(removed.stdout).not.toContain('stays');
  expect(left.stdout).toMatch(/^Account .*\nThere is nothing of this version\.\n$/);
});

it('validates in the account, prints what it measured, and leaves nothing there when it is stopped', async () => {
  const { workspace } = await sellerWorkspace();
  const validate = ['validate', 'sum', '--runner', 'sagemaker', '--no-push'];

  const { child, finished, printed } = start(workspace, validate);
  await printed(/sum: model passed/);
  child.kill('SIGINT');
  const stopped = await finished;
  const afterStop = await algo(workspace, 'unpublish', 'sum');
  const passed = await algo(workspace, ...validate, '--json');

  expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringMatching(/^algo: sum: .*stopped\n$/)]);
  expect(afterStop.stdout).toMatch(/^Account .*\nThere is nothing of this version\.\n$/);
  expect(passed.code).toBe(0);
  expect(JSON.parse(passed.stdout)).toMatchObject({
    ...{ algorithm: 'sum', result: 'passed', account: '000000000000', elsewhere: 'on this machine' },
    measured: { realTime: { instanceType: 'ml.m5.large', requests: 100 } },
  });
});
