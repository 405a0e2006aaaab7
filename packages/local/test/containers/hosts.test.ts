/** Training jobs on several instances, whose hosts are containers with a network among them. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { callEngine } from '../../src/container/engine.js';
import { type LocalEvent, runTrainingJob } from '../../src/index.js';
import { buildFixture, IMAGE, openTestImage, PROBE_IMAGE } from '../image/image-scene.js';
import { makeFolder, sumDescription, writeFiles } from '../scene.js';

const networks = async (engine: Parameters<typeof callEngine>[0]) =>
  (await callEngine(engine, ['network', 'ls', '--format', '{{.Name}}']))
    .split('\n')
    .filter((name) => /^algo-/.test(name));

async function run(PROBE: string, environment: Record<string, string> = {}, onLine = (_: string, _host: string) => {}) {
  const program = await openTestImage(PROBE_IMAGE, {}, 'none');
  const before = await networks(program.engine);
  const folder = makeFolder();
  const job = await runTrainingJob({
    program,
    description: sumDescription,
    channels: { train: { path: writeFiles(join(folder, 'data'), { 'a.csv': '1\n' }) } },
    environment: { PROBE, ...environment },
    instanceCount: 3,
    workDirectory: join(folder, 'work'),
    outputDirectory: join(folder, 'output'),
    stopGraceMs: 500,
    onEvent: (event: LocalEvent) => event.type === 'log' && onLine(event.line, event.host ?? ''),
  });
  return { job, left: (await networks(program.engine)).filter((name) => !before.includes(name)) };
}

describe.skipIf(!IMAGE)('a training job of an image on three instances (skipped without ALGO_TEST_IMAGE)', () => {
  beforeAll(() => buildFixture(IMAGE!, 'probe', PROBE_IMAGE));

  it('has hosts that reach each other by name over eth0, and nothing else', async () => {
    const found: Record<string, Record<string, unknown>> = {};

    const { job, left } = await run('peers', {}, (line, host) => {
      if (line.startsWith('probe=')) found[host] = JSON.parse(line.slice('probe='.length));
    });

    expect(job.status).toBe('Completed');
    const names = ['algo-1', 'algo-2', 'algo-3'];
    expect(Object.keys(found).sort()).toEqual(names);
    for (const [index, host] of names.entries()) {
      expect(found[host]).toEqual({
        ...{ host, hostname: host, heard: names.filter((name) => name !== host) },
        own: [expect.stringMatching(new RegExp(`^10\\.\\d+\\.\\d+\\.${index + 2}$`))],
        outside: ['ENETUNREACH', 'ENETUNREACH', 'ENETUNREACH'],
        name: expect.stringMatching(/^(EAI_AGAIN|ENOTFOUND)$/),
      });
    }
    expect(left).toEqual([]);
  });

  it('fails as a whole where they fail, and leaves no network', async () => {
    const { job, left } = await run('code', { PROBE_CODE: '9' });

    expect(job).toMatchObject({ status: 'Failed', failureReason: 'AlgorithmError: , exit code: 9', exitCode: 9 });
    expect(left).toEqual([]);
  });
});
