/** What makes a resource another one. */
import { expect, it } from 'vitest';
import { openContext } from '../../src/publish/context.js';
import { requestDigest } from '../../src/publish/resources.js';
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
