import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packFolder } from '../src/files/pack-archive.js';
import { type ModelMetric, ModelNotFound, ModelNotLoaded, ModelNotReady, startEndpoint } from '../src/index.js';
import { makeFolder, sumProgram, writeFiles } from './scene.js';

/** A multi-model endpoint with archives of models `1.tar.gz` to `4.tar.gz`, each of that sum. */
async function start(environment: Record<string, string> = {}, isCached = true) {
  const folder = makeFolder();
  for (const sum of [1, 2, 3, 4]) {
    const files = writeFiles(join(folder, `files-${sum}`), { 'model.json': JSON.stringify({ sum }) });
    await packFolder(files, join(folder, `${sum}.tar.gz`));
  }
  await packFolder(writeFiles(join(folder, 'other'), { 'other.txt': '' }), join(folder, 'other.tar.gz'));
  writeFileSync(join(folder, 'broken.tar.gz'), 'no archive');
  const measured: [ModelMetric, number][] = [];
  const lines: string[] = [];
  const endpoint = await startEndpoint({
    ...{ program: sumProgram, model: undefined, workDirectory: join(folder, 'work'), logFile: join(folder, 'log.txt') },
    environment,
    models: {
      find: (target) => (existsSync(join(folder, target)) ? join(folder, target) : undefined),
      isCached,
      measure: (metric, value) => measured.push([metric, value]),
    },
    onEvent: (event) => event.type === 'log' && lines.push(event.line),
  });
  onTestFinished(async () => void (await endpoint.stop()));
  const models = endpoint.models!;
  const ask = async (target: string, body = '10', timeoutMs = 600_000) => {
    const headers = { 'Content-Type': 'text/csv' };
    const answer = await models.invoke(target, { body: Buffer.from(body), headers, timeoutMs });
    return { status: answer.status, text: answer.body.toString() };
  };
  return { endpoint, models, folder, ask, measured, lines, modelsFolder: join(folder, 'work/opt/ml/models') };
}

const of = (text: string) => ({ status: 200, text });

describe('the models of a multi-model endpoint', () => {
  it('are unpacked, read-only, and loaded when they are first asked for, once for all who wait', async () => {
    const { ask, models, modelsFolder, lines, measured } = await start();

    const answers = await Promise.all([ask('1.tar.gz'), ask('2.tar.gz'), ask('1.tar.gz', '20')]);

    expect(answers).toEqual([of('11'), of('12'), of('21')]);
    expect([...models.loaded()].sort()).toEqual(['1.tar.gz', '2.tar.gz']);
    const names = readdirSync(modelsFolder);
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect(name).toMatch(/^[0-9a-f]{32}$/);
      expect(statSync(join(modelsFolder, name, 'model/model.json')).mode & 0o777).toBe(0o444);
    }
    expect(lines.filter((line) => line.startsWith('POST models')).sort()).toEqual([
      'POST models 1: 200',
      'POST models 2: 200',
    ]);
    expect(measured.filter(([metric]) => metric === 'ModelCacheHit').map(([, value]) => value)).toEqual([0, 0, 0]);
    expect(measured.filter(([metric]) => metric === 'LoadedModelCount')).toEqual(
      [1, 2].map((n) => ['LoadedModelCount', n]),
    );
    await ask('1.tar.gz');
    expect(measured.at(-1)).toEqual(['ModelCacheHit', 1]);
  });

  it('make room for others in the order of their last use', async () => {
    const { ask, models, modelsFolder } = await start({ ROOM: '2' });

    for (const target of ['1', '2', '1', '3', '4'])
      expect((await ask(`${target}.tar.gz`)).text).toBe(String(10 + Number(target)));

    expect(models.loaded()).toEqual(['3.tar.gz', '4.tar.gz']);
    expect(readdirSync(modelsFolder)).toHaveLength(2);
    expect((await ask('1.tar.gz')).text).toBe('11');
    expect(models.loaded()).toEqual(['4.tar.gz', '1.tar.gz']);
  });

  it('are each right when more are asked for at the same time than there is room for', async () => {
    const { ask } = await start({ ROOM: '1' });
    const asked = Array.from({ length: 24 }, (_, i) => 1 + (i % 4));

    const answers = await Promise.all(asked.map((sum) => ask(`${sum}.tar.gz`)));

    expect(answers).toEqual(asked.map((sum) => of(String(10 + sum))));
  });

  it('are refused with the answer of the container where one alone has no room', async () => {
    const { ask, models, modelsFolder } = await start({ ROOM: '0' });

    await expect(ask('1.tar.gz')).rejects.toMatchObject({ answer: { status: 507 } });
    expect(models.loaded()).toEqual([]);
    expect(readdirSync(modelsFolder)).toEqual([]);
  });

  it('are unloaded after their requests where they are not cached', async () => {
    const { ask, models, lines } = await start({}, false);

    const answers = await Promise.all([ask('1.tar.gz'), ask('1.tar.gz')]);
    await ask('1.tar.gz');

    expect(answers).toEqual([of('11'), of('11')]);
    expect(models.loaded()).toEqual([]);
    expect(lines.filter((line) => line.startsWith('POST models'))).toHaveLength(2);
  });

  it('are loaded again when the container has lost them', async () => {
    const { ask, endpoint, modelsFolder } = await start();
    await ask('1.tar.gz');
    await endpoint.client.call({
      method: 'DELETE',
      path: `/models/${readdirSync(modelsFolder)[0]}`,
      timeoutMs: 600_000,
    });

    expect(await ask('1.tar.gz')).toEqual(of('11'));
  });

  it('that are missing, no archive or refused are errors, and can be put right', async () => {
    const { ask, folder } = await start();

    await expect(ask('5.tar.gz')).rejects.toThrow(ModelNotFound);
    await expect(ask('other.tar.gz')).rejects.toThrow(ModelNotLoaded);
    await expect(ask('broken.tar.gz')).rejects.toThrow(/broken.tar.gz must be a gzip-compressed tar archive/);
    await packFolder(writeFiles(join(folder, 'files-5'), { 'model.json': '{"sum":5}' }), join(folder, '5.tar.gz'));
    expect(await ask('5.tar.gz')).toEqual(of('15'));
  });

  it('that take longer to load than their caller waits are loaded all the same', async () => {
    const { models, ask } = await start();

    await expect(models.acquire('1.tar.gz', 0)).rejects.toThrow(ModelNotReady);
    await expect.poll(() => models.loaded()).toEqual(['1.tar.gz']);
    expect(await ask('1.tar.gz')).toEqual(of('11'));
  });

  it('are not unloaded under a request', async () => {
    const { models, ask } = await start({ ROOM: '1' });
    const first = await models.acquire('1.tar.gz', 600_000);

    const second = ask('2.tar.gz');
    await expect.poll(() => models.loaded()).toEqual(['1.tar.gz']);
    first.release();

    expect(await second).toEqual(of('12'));
    expect(models.loaded()).toEqual(['2.tar.gz']);
  });
});
