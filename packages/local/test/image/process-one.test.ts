import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { callEngine } from '../../src/container/engine.js';
import { startImageContainer } from '../../src/container/image-container.js';
import { prepareModel } from '../../src/endpoint/model.js';
import { describeProgram, type Endpoint, type ImageProgram, startEndpoint } from '../../src/index.js';
import { makeFolder } from '../scene.js';
import { IMAGE, openTestImage } from './image-scene.js';
import { describeImage, roundsOf, train } from './train-image.js';

/** The platform's grace between SIGTERM and SIGKILL in hosting; what takes longer is killed. */
const STOP_BUDGET_SECONDS = 30;
/** Between two looks. */
const LOOK_MS = 20;
const LINES = Array.from({ length: 200 }, (_, i) => `${3 * i + 1},${i}`);

async function serve(program: ImageProgram): Promise<Endpoint> {
  const job = await train(program, `${LINES.join('\n')}\n`);
  const folder = makeFolder();
  const [workDirectory, logFile] = [join(folder, 'work'), join(folder, 'log.txt')];
  const endpoint = await startEndpoint({ program, model: job.modelArchive!, workDirectory, logFile });
  onTestFinished(() => endpoint.stop().then(() => undefined));
  return endpoint;
}

/** Process 1 of the container that serves, as the host numbers it. */
async function hostPid(program: ImageProgram): Promise<number> {
  const names = await callEngine(program.engine, [
    'ps',
    '--format',
    '{{.Names}}',
    '--filter',
    `name=algo-${process.pid}-`,
  ]);
  const text = await callEngine(program.engine, [
    'inspect',
    '--format',
    '{{.State.Pid}}',
    names.trim().split('\n')[0]!,
  ]);
  return Number(text);
}

function childrenOf(pid: number): readonly number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const texts = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'));
  return texts.flatMap((text) => text.trim().split(' ').filter(Boolean).map(Number));
}

/** `R` running, `S` sleeping, `Z` ended and not reaped. */
function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]!;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(LOOK_MS);
}

/** How many a server has by its log, where a later line may say fewer than the first one; undefined before that. */
function plannedWorkers({ lastLines }: Endpoint): number | undefined {
  const line = lastLines.findLast((said) => said.includes('workers='));
  return line === undefined ? undefined : Number(/workers=(\d+)/.exec(line)![1]);
}

/** What a server says of its workers: how many can answer, and how many have ended. */
async function workersOf({ url }: Endpoint): Promise<{ readonly ready: number; readonly ended: number }> {
  const page = await fetch(`${url}/metrics`).then((response) => response.text());
  const [ready, ended] = ['algo_workers', 'algo_workers_ended_total'].map((name) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)![1]),
  );
  return { ready: ready!, ended: ended! };
}

/** Requests without a pause until `stop`; gives the statuses, and "broken" for connections that ended. */
function load(endpoint: Endpoint): { stop(): Promise<ReadonlySet<number | string>> } {
  const seen = new Set<number | string>();
  let isOver = false;
  const body = Buffer.from('1\n'.repeat(500));
  const client = async () => {
    while (!isOver) {
      const answer = await endpoint
        .invoke({ body, contentType: 'text/csv', accept: 'text/csv' })
        .catch(() => undefined);
      seen.add(answer?.status ?? 'broken');
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  return {
    async stop() {
      isOver = true;
      await clients;
      return seen;
    },
  };
}

describe.skipIf(!IMAGE)('process 1 of the image (skipped without ALGO_TEST_IMAGE)', () => {
  it('exits with code 0 after a training job on good data, and with 1 on bad data', async () => {
    const program = await openTestImage(IMAGE!);

    expect(await train(program, '1,2\n3,4\n5,6\n')).toMatchObject({ status: 'Completed', exitCode: 0 });
    expect(await train(program, '1,2\n3\n')).toMatchObject({
      status: 'Failed',
      exitCode: 1,
      failureReason: expect.stringContaining('line 2'),
    });
  });

  it('describes itself and trains as a user without a name, capabilities and files of its own', async () => {
    const program = await openTestImage(IMAGE!, { user: '10914:10914', hasNoCapabilities: true });

    const description = await describeProgram(program);
    const job = await train(program, '1,2\n3,4\n5,6\n');

    expect(description).toEqual(await describeImage(await openTestImage(IMAGE!)));
    expect(job).toMatchObject({ status: 'Completed', exitCode: 0 });
    expect(job.modelArchive).toBeDefined();
  });

  it('exits with code 0 when a throttled training job gets SIGTERM: the model so far, within the budget', async (context) => {
    const program = await openTestImage(IMAGE!, { cpus: 0.5 });
    if (roundsOf(await describeImage(program)) === undefined) context.skip('it has no rounds to be stopped between');
    const stop = new AbortController();

    const job = await train(program, `${LINES.join('\n')}\n`, {
      rounds: 100_000,
      stop: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'metric') stop.abort();
      },
    });

    expect(job).toMatchObject({ status: 'Stopped', exitCode: 0, wasKilled: false });
    expect(job.modelArchive).toBeDefined();
  });

  it('exits with code 0 when a server that is loading its model gets SIGTERM, without being killed', async () => {
    const program = await openTestImage(IMAGE!, { cpus: 0.5 });
    const { modelArchive } = await train(program, `${LINES.join('\n')}\n`);
    const folder = makeFolder();
    const hasSpoken = Promise.withResolvers<void>();
    const container = await startImageContainer(program, {
      program,
      command: 'serve',
      environment: {},
      tree: await prepareModel(modelArchive!, folder),
      directory: folder,
      logFile: join(folder, 'log.txt'),
      onLine: () => hasSpoken.resolve(),
    });
    await hasSpoken.promise;

    const { exitCode, wasKilled } = await container.stop(STOP_BUDGET_SECONDS * 1000);

    expect({ exitCode, wasKilled }).toEqual({ exitCode: 0, wasKilled: false });
  });

  it('exits with code 0 when a server under load gets SIGTERM, within the budget and without being killed', async () => {
    const program = await openTestImage(IMAGE!, { cpus: 2 });
    const endpoint = await serve(program);
    const clients = load(endpoint);
    const inflight = await endpoint.invoke({ body: Buffer.from('1\n'), contentType: 'text/csv', accept: 'text/csv' });

    const { exitCode, wasKilled } = await endpoint.stop();
    const statuses = await clients.stop();

    expect(inflight.status).toBe(200);
    expect({ exitCode, wasKilled }).toEqual({ exitCode: 0, wasKilled: false });
    expect([...statuses].filter((status) => status !== 200 && status !== 'broken' && status !== 503)).toEqual([]);
  });

  it('reaps a worker that dies under load, replaces it, and continues to answer', async () => {
    const program = await openTestImage(IMAGE!, { cpus: 2 });
    const endpoint = await serve(program);
    const pid = await hostPid(program);
    // The log comes through the engine, and may be later than what the server itself answers.
    await until(async () => (await workersOf(endpoint)).ready === plannedWorkers(endpoint));
    const workers = plannedWorkers(endpoint);
    const [victim] = childrenOf(pid); // workers are started before the processes that accept connections
    const clients = load(endpoint);

    process.kill(victim!, 'SIGKILL');

    // As many are ready again, though one of those before has ended: that is another one.
    await until(async () => isDeepStrictEqual(await workersOf(endpoint), { ready: workers, ended: 1 }));
    expect(childrenOf(pid)).not.toContain(victim);
    expect(childrenOf(pid).map(stateOf)).not.toContain('Z');
    await clients.stop();
    const answer = await endpoint.invoke({ body: Buffer.from('1\n'), contentType: 'text/csv', accept: 'text/csv' });
    expect(answer.status).toBe(200);
    expect(await endpoint.stop()).toMatchObject({ exitCode: 0, wasKilled: false });
  });
});
