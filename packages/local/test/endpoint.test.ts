import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EndpointRequest, type LocalEvent, startEndpoint } from '../src/index.js';
import { makeFolder, makeSumModel, readJson, sumProgram, writeFiles } from './scene.js';

async function makeRequest(folder: string, changes: Partial<EndpointRequest> = {}): Promise<EndpointRequest> {
  return {
    program: sumProgram,
    model: await makeSumModel(folder),
    workDirectory: join(folder, 'work'),
    logFile: join(folder, 'log.txt'),
    ...changes,
  };
}

async function start(folder: string, changes: Partial<EndpointRequest> = {}) {
  const endpoint = await startEndpoint(await makeRequest(folder, changes));
  onTestFinished(async () => void (await endpoint.stop()));
  return endpoint;
}

describe('an endpoint', () => {
  it('answers when /ping has, and exits with code 0 after SIGTERM', async () => {
    const folder = makeFolder();

    const endpoint = await start(folder, { environment: { BEHAVE: 'slow-start' } });
    const answer = await endpoint.invoke({ body: Buffer.from('1,2\n'), contentType: 'text/csv', accept: 'text/csv' });
    const exit = await endpoint.stop();

    expect(answer).toMatchObject({ status: 200, body: Buffer.from('103') });
    expect(endpoint.firstPing.body).toHaveLength(0);
    expect(endpoint.readySeconds).toBeGreaterThan(0);
    expect(exit).toMatchObject({ exitCode: 0, wasKilled: false });
  });

  it('gives the program a read-only model and only the variables of the platform', async () => {
    const folder = makeFolder();

    await start(folder, { environment: { MINE: '1' } });

    const seen = readJson<Record<string, string>>(join(folder, 'work/opt/ml/tmp/environment.json'));
    expect(Object.keys(seen).sort()).toEqual([
      'ALGO_BIND_TO_HOST',
      'HOME',
      'MINE',
      'PATH',
      'SAGEMAKER_BASE_DIR',
      'SAGEMAKER_BIND_TO_PORT',
    ]);
    expect(statSync(join(folder, 'work/opt/ml/model/model.json')).mode & 0o777).toBe(0o444);
    expect(statSync(join(folder, 'work/opt/ml/model')).mode & 0o777).toBe(0o555);
  });

  it('accepts a folder with an unpacked model', async () => {
    const folder = makeFolder();
    const model = writeFiles(join(folder, 'unpacked'), { 'model.json': '{"sum":5}' });

    const endpoint = await start(folder, { model });
    const answer = await endpoint.invoke({ body: Buffer.from('1\n') });

    expect(answer.body.toString()).toBe('6');
  });

  it('is killed if it ignores SIGTERM', async () => {
    const folder = makeFolder();

    const endpoint = await start(folder, { environment: { BEHAVE: 'ignore-sigterm' }, stopGraceMs: 100 });

    expect(await endpoint.stop()).toMatchObject({ exitCode: 137, wasKilled: true });
  });
});

describe('an endpoint that does not become healthy', () => {
  it('is reported immediately with its last lines if its program exits', async () => {
    const run = startEndpoint(await makeRequest(makeFolder(), { environment: { BEHAVE: 'exit' } }));

    await expect(run).rejects.toThrow(
      /serve exited with code 4 before \/ping answered 200\. Its last lines:\nthe model is of another algorithm$/,
    );
  });

  it('is stopped at the time limit, naming the last answer', async () => {
    // The time is over once the program has been asked for the third time.
    const onEvent = (event: LocalEvent) => {
      if (event.type !== 'log' || event.line !== 'unhealthy 3') return;
      const now = performance.now() + 481_000;
      vi.spyOn(performance, 'now').mockReturnValue(now);
    };
    onTestFinished(() => void vi.restoreAllMocks());
    const request = { environment: { BEHAVE: 'never-healthy' }, onEvent };

    const run = startEndpoint(await makeRequest(makeFolder(), request));

    await expect(run).rejects.toThrow(
      /\/ping must answer 200 within 480 s; the last answer was status 503\. Its last lines:\nunhealthy 1\nunhealthy 2\nunhealthy 3/,
    );
  });
});

describe('a model archive', () => {
  it.each([
    ['is missing', async () => '/nowhere/model.tar.gz', /There is no model \/nowhere\/model\.tar\.gz/],
    [
      'is no archive',
      async (folder: string) => join(writeFiles(folder, { 'm.tar.gz': 'x' }), 'm.tar.gz'),
      /m\.tar\.gz must be a gzip-compressed tar/,
    ],
    ['leads out of its folder', makeEscapingArchive, /"\.\.\/escaped" leads out of the folder/],
    ['has a symbolic link', makeLinkArchive, /"link" is a SymbolicLink/],
  ])('that %s is refused', async (_case, makeModel, message) => {
    const folder = makeFolder();
    const model = await makeModel(folder);

    const run = startEndpoint(await makeRequest(folder, { model }));

    await expect(run).rejects.toThrow(message);
    expect(existsSync(join(folder, 'work/opt/ml/escaped'))).toBe(false);
  });
});

async function makeEscapingArchive(folder: string): Promise<string> {
  const file = join(folder, 'bad.tar.gz');
  writeFiles(folder, { 'in/keep': '', escaped: 'x' });
  await create({ file, cwd: join(folder, 'in'), gzip: true, preservePaths: true }, ['../escaped']);
  return file;
}

async function makeLinkArchive(folder: string): Promise<string> {
  const { symlinkSync } = await import('node:fs');
  const file = join(folder, 'bad.tar.gz');
  symlinkSync('/etc/passwd', join(folder, 'link'));
  await create({ file, cwd: folder, gzip: true }, ['link']);
  return file;
}
