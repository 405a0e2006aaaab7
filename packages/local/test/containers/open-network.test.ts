/** What a container may do in the engine's network, by a program of the tests in place of an algorithm. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEndpoint } from '../../src/index.js';
import { buildFixture, CHATTY_IMAGE, IMAGE, openTestImage, PROBE_IMAGE, probe } from '../image/image-scene.js';
import { makeFolder, writeFiles } from '../scene.js';

describe.skipIf(!IMAGE)("a container in the engine's network (skipped without ALGO_TEST_IMAGE)", () => {
  beforeAll(async () => {
    await buildFixture(IMAGE!, 'probe', PROBE_IMAGE);
    await buildFixture(IMAGE!, 'chatty', CHATTY_IMAGE);
  });

  it('reaches what is outside, which one in a sandbox or without a network does not', async () => {
    expect((await probe('gateway', { network: 'engine' })).found).toBe('ECONNREFUSED');
    expect((await probe('gateway')).found).toBe('no route');
    expect((await probe('gateway', { network: 'none' })).found).toBe('no route');
  });

  it('that serves is reached at its port of this machine, and ends when it is stopped', async () => {
    const program = await openTestImage(CHATTY_IMAGE, {}, 'engine');
    const folder = makeFolder();
    const model = writeFiles(join(folder, 'model'), { 'model.json': '{"sum":10}' });
    const endpoint = await startEndpoint({
      ...{ program, model, workDirectory: join(folder, 'work'), logFile: join(folder, 'log.txt') },
    });
    onTestFinished(() => endpoint.stop().then(() => undefined));

    const { status, body } = await endpoint.invoke({ body: Buffer.from('1,2\n'), contentType: 'text/csv' });

    expect([status, body.toString().trim()]).toEqual([200, '13']);
    expect(await endpoint.stop()).toMatchObject({ wasKilled: false });
  });

  it('writes to its own root file system where the limits allow it, and to no input', async () => {
    const { found } = await probe('write', { limits: { hasWritableRoot: true } });

    expect(found).toMatchObject({ '/x': 'written', '/tmp/x': 'written', '/opt/ml/input/x': 'EROFS' });
  });
});
