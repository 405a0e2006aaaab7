/**
 * Many clients and training jobs of linear regression, and a server that is killed again and again: each job is started once,
 * and is Failed if the server was killed while it ran. None is lost, none runs twice, none leaves a process, a folder, a FIFO
 * or half an object. ALGO_TEST_JOBS=1000 runs so many.
 */
import { existsSync, globSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createRandom } from '@algo/numerics';
import { expect, it } from 'vitest';
import { channel, hasEnded, makeFolder, trainingJob } from '../support/scene.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const ALGORITHMS = join(import.meta.dirname, '../../../../algorithms');
const START_MARK = pathToFileURL(join(import.meta.dirname, '../fixtures/start-mark.js')).href;
const JOBS = Number(process.env.ALGO_TEST_JOBS ?? 300);
/** Between two looks. */
const LOOK_MS = 20;
const [CLIENTS, KILLS, CONCURRENCY] = [20, 10, 2];
/** A job takes half a second of a processor; on a busy machine several. */
const timeout = JOBS * 4000;

it(`${JOBS} jobs of ${CLIENTS} clients end right while the server is killed ${KILLS} times`, { timeout }, async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 's3/data/line'), { recursive: true });
  writeFileSync(join(folder, 's3/data/line/a.csv'), '4,1\n7,2\n10,3\n13,4\n'); // the label is 3x + 1
  const marks = join(folder, 'marks');
  mkdirSync(marks);
  const random = createRandom(1);
  const start = () => startServerProcess(folder, ALGORITHMS, CONCURRENCY);
  let server = Promise.resolve<ServerProcess>(await start());
  /** The next server kills what runs: a program that has just begun is let come as far as its mark, its first line. */
  const hasMark = (pid: string) => globSync(`*-${pid}`, { cwd: marks }).length > 0;
  const names = Array.from({ length: JOBS }, (_, i) => `job-${i}`);
  const created: string[] = [];

  /** Until there is an answer: the server may be killed at any moment. */
  const call = async (operation: string, input: unknown) => {
    for (;;) {
      try {
        return await (await server).call(operation, input);
      } catch {
        await delay(LOOK_MS);
      }
    }
  };
  const client = async (own: readonly string[]) => {
    for (const name of own) {
      const TrainingInputMode = random.below(2) === 0 ? 'File' : 'Pipe';
      const request = trainingJob(name, {
        AlgorithmSpecification: { TrainingImage: 'linear-regression:1.0.0', TrainingInputMode },
        InputDataConfig: [channel('s3://data/line/')],
        Environment: { MARKS: marks, NODE_OPTIONS: `--import=${START_MARK}` },
      });
      const { status, body } = await call('CreateTrainingJob', request);
      // An answer that was lost with the server: the job is there.
      expect([200, 'ResourceInUse']).toContain(status === 200 ? 200 : body.__type);
      created.push(name);
    }
  };
  const clients = Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => client(names.filter((_name, j) => j % CLIENTS === i))),
  );
  for (let kill = 0; kill < KILLS; kill++) {
    await delay(300 + random.below(JOBS * 15)); // while jobs are asked for, and while they run
    server = server.then(async (running) => {
      await running.kill();
      await expect.poll(() => processesOf(folder).filter((pid) => !hasMark(pid))).toEqual([]);
      return start();
    });
    await server;
  }
  await clients;

  let failures = 0;
  for (const TrainingJobName of names) {
    let { body } = await call('DescribeTrainingJob', { TrainingJobName });
    while (!hasEnded(body)) {
      await delay(LOOK_MS);
      ({ body } = await call('DescribeTrainingJob', { TrainingJobName }));
    }
    const starts = globSync(`${TrainingJobName}-*`, { cwd: marks }).length;
    expect([TrainingJobName, starts]).toEqual([TrainingJobName, 1]);
    const archive = join(folder, 's3/data/out', TrainingJobName, 'output/model.tar.gz');
    if (body.TrainingJobStatus === 'Completed') {
      expect(gunzipSync(readFileSync(archive)).toString()).toContain('"intercept":1,"coefficients":[3]');
    } else {
      failures++;
      expect(body).toMatchObject({
        TrainingJobStatus: 'Failed',
        FailureReason: 'InternalServerError: The server ended while the job was running.',
      });
      if (existsSync(archive)) gunzipSync(readFileSync(archive)); // uploaded, but not recorded: whole
    }
  }

  expect(created.sort()).toEqual(names.toSorted());
  expect(failures).toBeLessThanOrEqual(KILLS * CONCURRENCY);
  expect(readdirSync(join(folder, 'jobs/training-job'))).toEqual([]);
  expect(processesOf(folder)).toEqual([]);
  expect(fifosIn(folder)).toEqual([]);
  expect(readdirSync(join(folder, 'starts'))).toEqual([]);
});

/** Processes of jobs that are there. */
function processesOf(folder: string): readonly string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(`SAGEMAKER_BASE_DIR=${folder}`)
      );
    } catch {
      return false;
    }
  });
}

function fifosIn(folder: string): readonly string[] {
  return globSync('**', { cwd: folder }).filter((path) => lstatSync(join(folder, path)).isFIFO());
}
