/** Many models in real processes: the program of a fixture, as the platform starts it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeModel } from '../../../src/model/save.js';
import { startProgram, untilLogged } from '../running-program.js';
import { clientOf } from './multi-model-server.js';

it('are in two workers, answer when one of these is killed, and are closed in each that has them', async () => {
  const program = await startProgram({ workers: 2, variables: { SAGEMAKER_MULTI_MODEL: 'true' } });
  const client = clientOf(program);
  const folder = (name: string) => join(program.root.paths.models, name, 'model');
  for (const name of ['a', 'b']) {
    mkdirSync(folder(name), { recursive: true });
    writeModel(folder(name), { files: { 'model.json': '{}' }, featureCount: 3 }, { name: 'echo', version: '1.0.0' });
    expect((await client.loadFrom(name, folder(name))).status).toBe(200);
  }
  /** The processes that answer for a model. */
  const workersOf = async (name: string) => {
    const answers = await Promise.all([1, 2, 3, 4].map((value) => client.invoke(name, `${value},1,0`)));
    const pairs = answers.map(({ body }) => String(body).split(',').map(Number));
    expect(pairs.map(([value]) => value)).toEqual([1, 2, 3, 4]);
    return [...new Set(pairs.map(([, pid]) => pid!))];
  };
  const untilTwo = async () => {
    await expect.poll(async () => (await workersOf('a')).length).toBe(2);
    await expect.poll(async () => (await workersOf('b')).length).toBe(2);
    return workersOf('a');
  };

  const before = await untilTwo();
  process.kill(before[0]!, 'SIGKILL');
  await untilLogged(program, /worker \d+ ended \(signal SIGKILL\)/); // a request that it had been sent would be lost
  expect(await workersOf('b')).not.toContain(before[0]);
  const after = await untilTwo();
  expect((await client.unload('a')).status).toBe(200);

  expect(before).not.toContain(program.child.pid);
  expect(after).not.toContain(before[0]);
  expect(readFileSync(join(program.root.paths.base, 'closed'), 'utf8').trim().split('\n').sort()).toEqual(
    after.map(String).sort(),
  );
  expect((await client.invoke('a', '1,0,0')).status).toBe(404);
  expect((await workersOf('b')).length).toBe(2);
});
