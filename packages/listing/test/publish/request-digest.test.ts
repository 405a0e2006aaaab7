/** What makes a resource another one. */
import { expect, it } from 'vitest';
import { openContext } from '../../src/publish/context.js';
import { requestDigest } from '../../src/publish/resources.js';
import { resourceStep } from '../../src/publish/steps/resource.js';
import { openAccount } from '../support/account.js';
import { answering } from '../support/faults.js';

it('the digest of a resource is another one when its image was replaced under its tag', async () => {
  const account = await openAccount();
  const digestOf = async (config: string) => {
    const imageManifest = JSON.stringify({ config: { digest: config } });
    const around = answering(() => ({ images: [{ imageManifest }], Account: '000000000000' }));
    return requestDigest(await openContext(account.request({ around })));
  };

  expect(await digestOf('sha256:1')).toBe(await digestOf('sha256:1'));
  expect(await digestOf('sha256:1')).not.toBe(await digestOf('sha256:2'));
});

it('a resource is made with one digest of its image and sample data', async () => {
  const account = await openAccount();
  const calls: string[] = [];
  const context = await openContext(account.request({ around: answering((call) => void calls.push(call)) }));

  await resourceStep(context)
    .do()
    .catch(() => undefined); // without its role

  expect(calls.filter((call) => call === 'ECRClient BatchGetImage')).toHaveLength(1);
});
