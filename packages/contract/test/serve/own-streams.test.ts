/** Streamed answers in media types of the algorithm's own. */
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PredictRequest } from '../../src/prediction.js';
import { endServers, openWire, post, startReady } from './running-server.js';
import { ask, createStreaming, NOTES, notes } from './streaming.js';

afterEach(endServers);

describe('a streamed answer in a media type of the algorithm’s own', () => {
  it('is what its encoder makes of each part, one after another, with nothing around or between', async () => {
    const { predict } = createStreaming();
    const running = await startReady({ algorithm: { predict, answers: { [NOTES]: notes } } });

    const answer = await ask(running, `${NOTES}; prefix=n`);

    expect(answer).toMatchObject({ status: 200, text: 'n1;n2;n3;' });
    expect(answer.headers.get('content-type')).toBe(NOTES);
    expect(answer.headers.get('content-length')).toBeNull();
  });

  it('is a line of JSON for each part where a schema describes it, and cut at a part that breaks the schema', async () => {
    async function* predict(_model: unknown, input: { rows: number }, { accept }: PredictRequest) {
      if (accept.type !== 'application/json') yield { score: new Float64Array(input.rows) };
      else for (const note of [1, 2, 'three']) yield { note };
    }
    const running = await startReady({
      algorithm: {
        predict,
        contentTypes: { input: ['text/csv'], output: ['text/csv'] },
        answers: { 'application/json': { description: 'Notes.', schema: z.object({ note: z.number() }) } },
      },
    });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n', 'Accept: application/json\r\n'));

    const received = await wire.closed();

    expect(received).toContain('{"note":1}\n');
    expect(received).toContain('{"note":2}\n');
    expect(received).not.toContain('three');
    expect(running.lines.join('\n')).toContain('cut in the middle: predict: note must be a number; received "three"');
  });

  it('is JSON as events where there are no JSON Lines', async () => {
    async function* predict(_model: unknown, input: { rows: number }, { accept }: PredictRequest) {
      if (accept.type !== 'application/json') yield { score: new Float64Array(input.rows) };
      else for (const note of [1, 2]) yield { note };
    }
    const running = await startReady({
      algorithm: {
        predict,
        contentTypes: { input: ['text/csv'], output: ['text/csv'] },
        answers: { 'application/json': { description: 'Notes.', schema: z.object({ note: z.number() }) } },
      },
    });

    const answer = await ask(running, 'text/event-stream');

    expect(answer).toMatchObject({ status: 200, text: 'data: {"note":1}\n\ndata: {"note":2}\n\n' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
  });

  it('is predicted alone by a definition with batching, whose other requests are answered meanwhile', async () => {
    const second = Promise.withResolvers<void>();
    const { predict: stream } = createStreaming({ wait: async (part) => (part === 1 ? second.promise : undefined) });
    const calls: number[] = [];
    const running = await startReady({
      algorithm: {
        batching: { maxRows: 8 },
        answers: { [NOTES]: notes },
        predict(model: unknown, block: { rows: number; features: ArrayLike<number> }, request: PredictRequest) {
          calls.push(block.rows);
          if (request.accept.type === NOTES) return stream(model, block, request);
          return Promise.resolve({ score: new Float64Array(block.rows).fill(7) });
        },
      },
    });
    const wire = openWire(running.port);
    wire.send(post('1,0,0\n2,0,0\n', `Accept: ${NOTES}\r\n`));
    const begun = await wire.until('1;');

    const other = await ask(running, 'text/csv', '5,0,0\n');
    second.resolve();
    const complete = await wire.until('\r\n0\r\n\r\n');

    expect(begun).not.toContain('2;');
    expect(other).toMatchObject({ status: 200, text: '7\n' });
    expect(complete).toContain('2;');
    expect(calls).toEqual([1, 2, 1]); // the first is the self-test
  });
});
