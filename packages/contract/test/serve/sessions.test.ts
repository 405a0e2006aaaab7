/** Sessions as their callers have them, of a server in this process and of worker processes. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Block } from '../../src/formats/block.js';
import type { PredictRequest } from '../../src/prediction.js';
import { type Program, predict as predictRow, startProgram, untilWorkers, waitingFor } from './running-program.js';
import { endServers, type RunningServer, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const HEADER = 'X-Amzn-SageMaker-Session-Id';
const OPENED = /^([a-zA-Z0-9](?:-*[a-zA-Z0-9])*); Expires=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/;

/** Adds up what a session was sent, and says which copy of the model did it; a first feature of 13 closes, 99 fails. */
function createModel() {
  let copies = 0;
  let running = 0;
  const counts = { together: 0 };
  return {
    counts,
    algorithm: {
      sessions: {},
      outputs: { score: { description: 'The sum.' }, copy: { description: 'Of the model.' } },
      load: () => ++copies,
      async predict(copy: unknown, input: unknown, { session }: PredictRequest) {
        const { features, rows } = input as Block;
        running += 1;
        counts.together = Math.max(counts.together, running);
        await new Promise(setImmediate);
        running -= 1;
        if (features[0] === 99) throw new Error('a defect');
        if (features[0] === 13) session?.close();
        const sum = Number(session?.state ?? 0) + [...features].reduce((total, value) => total + value, 0);
        if (session) session.state = sum;
        return { score: new Float64Array(rows).fill(sum), copy: new Float64Array(rows).fill(copy as number) };
      },
    },
  };
}

async function ask({ url }: Pick<RunningServer, 'url'>, body: string, session?: string) {
  const headers = {
    'Content-Type': 'text/csv',
    Accept: 'text/csv',
    ...(session !== undefined && { [HEADER]: session }),
  };
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body });
  const text = await response.text();
  const [sum, copy] = text.split(',').map(Number);
  const { status } = response;
  const [, opened, expires] = OPENED.exec(response.headers.get(HEADER) ?? '') ?? [];
  return {
    status,
    text,
    sum,
    copy,
    opened,
    expires,
    closed: response.headers.get('X-Amzn-SageMaker-Closed-Session-Id'),
  };
}

/** Requests that wait for a worker, or that one is at. */
async function openCount({ url }: Pick<Program, 'url'>): Promise<number> {
  const text = await fetch(`${url}/metrics`).then((response) => response.text());
  const counts = text.match(/(?<=^algo_(?:queue_length|requests_in_flight) )\d+$/gm) ?? [];
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

async function start(workers = 3) {
  const model = createModel();
  const variables = { SAGEMAKER_MODEL_SERVER_WORKERS: String(workers) };
  const server = await startServer({ algorithm: model.algorithm, variables });
  await untilReady(server);
  return { server, ...model };
}

describe('a session', () => {
  it('is opened by NEW_SESSION, and its requests find what those before have left, in the process that has it', async () => {
    const { server } = await start();
    await expect.poll(() => ask(server, '0,0,0').then(({ copy }) => copy)).toBe(3); // all workers are there

    const opened = await Promise.all([1, 2, 3, 4, 5, 6].map((value) => ask(server, `${value},0,0`, 'NEW_SESSION')));
    const later = await Promise.all(opened.map((session) => ask(server, '10,0,0', session.opened)));

    expect(opened.map(({ status, sum }) => [status, sum])).toEqual([1, 2, 3, 4, 5, 6].map((value) => [200, value]));
    expect(new Set(opened.map((session) => session.opened)).size).toBe(6);
    expect(new Set(opened.map(({ copy }) => copy)).size).toBe(3);
    expect(later.map(({ sum, copy }) => [sum, copy])).toEqual(opened.map(({ sum, copy }) => [sum! + 10, copy]));
    expect(opened.filter(({ expires }) => expires === undefined)).toEqual([]);
  });

  it('is predicted one request after the other', async () => {
    const { server, counts } = await start(1);
    const { opened } = await ask(server, '1,0,0', 'NEW_SESSION');
    counts.together = 0;

    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(server, '1,0,0', opened)));

    expect(answers.map(({ sum }) => sum!).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(counts.together).toBe(1);
  });

  it('ends when predict closes it, and the answer says so', async () => {
    const { server } = await start();
    const { opened } = await ask(server, '1,0,0', 'NEW_SESSION');

    const last = await ask(server, '13,0,0', opened);
    const after = await ask(server, '1,0,0', opened);

    expect(last).toMatchObject({ status: 200, sum: 14, closed: opened });
    expect(after).toMatchObject({ status: 400, closed: null });
    expect(JSON.parse(after.text).error).toEqual({
      code: 'E_SESSION',
      message: `Header ${HEADER} must be NEW_SESSION or the id of an open session, not one that is closed, has expired or was lost with its process; received "${opened}".`,
    });
  });

  it.each([
    ['in its process', true],
    ['for its process', false],
  ])('that is closed while a further request waits %s is over for that one, too', async (_, isConcurrent) => {
    const variables = { ALGO_HAS_SESSIONS: 'true' };
    const program = await startProgram({ workers: 1, model: { isConcurrent }, variables });
    await untilWorkers(program, 1);
    const { opened } = await ask(program, '1,0,0', 'NEW_SESSION');
    const first = ask(program, '2,-1,0', opened);
    await expect.poll(() => waitingFor(program)).toEqual(['2']);

    const closing = ask(program, '{"requestType":"CLOSE"}', opened);
    await expect.poll(() => openCount(program)).toBe(2);
    const late = ask(program, '1,0,0', opened);
    await expect.poll(() => openCount(program)).toBe(3);
    program.root.write('gate', '');

    expect(await first).toMatchObject({ status: 200, sum: 2 });
    expect(await closing).toMatchObject({ status: 200, closed: opened });
    expect(await late).toMatchObject({ status: 400, closed: null });
  });

  it('is opened and closed without a prediction by bodies that say only that', async () => {
    const { server } = await start();

    const opening = await ask(server, '{"requestType":"NEW_SESSION"}', 'NEW_SESSION');
    const first = await ask(server, '1,0,0', opening.opened);
    const closing = await ask(server, '{"requestType": "CLOSE"}', opening.opened);
    const after = await ask(server, '1,0,0', opening.opened);

    expect(opening).toMatchObject({ status: 200, text: '', closed: null });
    expect(first).toMatchObject({ status: 200, sum: 1 });
    expect(closing).toMatchObject({ status: 200, text: '', closed: opening.opened });
    expect(after.status).toBe(400);
  });

  it('is not opened by a request that fails, and survives one that does', async () => {
    const { server } = await start();

    const failed = await ask(server, '99,0,0', 'NEW_SESSION');
    const { opened } = await ask(server, '1,0,0', 'NEW_SESSION');
    const statuses = [await ask(server, '99,0,0', opened), await ask(server, 'x,0,0', opened)].map(
      ({ status }) => status,
    );
    const after = await ask(server, '1,0,0', opened);

    expect(failed).toMatchObject({ status: 500, opened: undefined });
    expect(statuses).toEqual([500, 400]);
    expect(after).toMatchObject({ status: 200, sum: 2 });
  });

  it('is refused where the definition has none', async () => {
    const server = await startServer();
    await untilReady(server);

    const answer = await ask(server, '1,2,3', 'NEW_SESSION');

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error.message).toBe(
      `Header ${HEADER} must be left out, since this algorithm has no sessions; received "NEW_SESSION".`,
    );
  });

  it('is refused where the container has many models', async () => {
    const server = await startServer({ variables: { SAGEMAKER_MULTI_MODEL: 'true' } });
    await untilReady(server);

    const response = await fetch(`${server.url}/models/any/invoke`, {
      method: 'POST',
      headers: { [HEADER]: 'a' },
      body: '1',
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'E_SESSION' } });
  });

  it('is lost with its worker process, and others are not', async () => {
    const program = await startProgram({ workers: 2, variables: { ALGO_HAS_SESSIONS: 'true' } });
    await untilWorkers(program, 2);
    const opened = await Promise.all([0, 0, 0, 0].map(() => ask(program, '1,0,0', 'NEW_SESSION')));
    const [victim] = opened;

    process.kill(victim!.copy!, 'SIGKILL');
    await expect.poll(() => ask(program, '1,0,0', victim!.opened).then(({ status }) => status)).toBe(400);
    const later = await Promise.all(opened.map((session) => ask(program, '1,0,0', session.opened)));

    expect((await untilReady(program)).status).toBe(200);
    expect(new Set(opened.map(({ copy }) => copy)).size).toBe(2);
    expect(later.map(({ status }) => status)).toEqual(opened.map(({ copy }) => (copy === victim!.copy ? 400 : 200)));
    expect((await predictRow(program, [5, 0, 0])).value).toBe(5);
  });
});
