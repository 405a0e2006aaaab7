/** How many sessions there are and for how long, and what is left of one that has ended. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Answer, emptyAnswer } from '../../src/serve/message.js';
import { createOpenSessions } from '../../src/serve/sessions/open-sessions.js';
import { createSessionFront } from '../../src/serve/sessions/session-front.js';
import { sessionRules } from '../../src/serve/sessions/session-rules.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { sumAlgorithm } from './sum-algorithm.js';

afterEach(() => void vi.useRealTimers());

const HEADER = 'X-Amzn-SageMaker-Session-Id';

describe('the sessions of a container', () => {
  const request = (sessionId: string) => ({
    contentType: undefined,
    contentEncoding: undefined,
    accept: undefined,
    customAttributes: undefined,
    sessionId,
    body: [],
  });

  it('end with their time, and are no more than the rules say', async () => {
    let now = 1_500;
    const dispatcher = { invoke: async (): Promise<Answer> => emptyAnswer(200) };
    const rules = sessionRules({ maxCount: 2, lifeSeconds: 60 }, undefined);
    const invoke = createSessionFront({ rules, dispatcher, now: () => now });

    const [first, second, third] = [
      await invoke(request('NEW_SESSION')),
      await invoke(request('NEW_SESSION')),
      await invoke(request('NEW_SESSION')),
    ];
    const id = first.headers[HEADER]!.split(';')[0]!;
    now = 60_999;
    const before = await invoke(request(id));
    now = 61_000;
    const after = await invoke(request(id));
    const next = await invoke(request('NEW_SESSION'));

    expect(first.headers[HEADER]).toBe(`${id}; Expires=1970-01-01T00:01:01Z`);
    expect(second.status).toBe(200);
    expect(third).toMatchObject({ status: 503, code: 'E_BUSY', headers: { 'Retry-After': '1' } });
    expect([before, after, next].map(({ status }) => status)).toEqual([200, 400, 200]);
  });

  it('live as long as the operator says', () => {
    const rules = [sessionRules({}, undefined), sessionRules({ lifeSeconds: 60 }, 30), sessionRules(undefined, 30)];
    const [byDefault, byOperator] = [1200, 30].map((seconds) => ({ maxCount: 1000, lifeMs: seconds * 1000 }));

    expect(rules).toEqual([byDefault, byOperator, undefined]);
  });

  it('leave no state behind when they expire, are closed, or could not be opened', async () => {
    vi.useFakeTimers({ now: 0 });
    const sessions = createOpenSessions(emptyAnswer(200));
    const answer = (status: number) => async (): Promise<Answer> => ({ ...emptyAnswer(200), status });
    const task = (id: string) => ({ id, expiresAt: 60_000, opens: true });

    await sessions.run(task('a'), answer(200));
    await sessions.run(task('b'), answer(500));
    await sessions.run(task('c'), async (session) => {
      session.close();
      return answer(200)();
    });
    const held = sessions.count;
    vi.advanceTimersByTime(60_000);
    const late = await sessions.run({ ...task('a'), opens: false }, answer(200));

    expect(held).toBe(1);
    expect(late.status).toBe(400);
    expect(sessions.count).toBe(0);
  });

  it('wait for the end of a stream', async () => {
    const sessions = createOpenSessions(emptyAnswer(200));
    const task = { id: 'a', expiresAt: Date.now() + 60_000, opens: true };
    const events: string[] = [];
    const parts = [Buffer.from('1'), undefined];
    const rest = {
      async next() {
        const value = parts.shift();
        events.push(value ? 'part' : 'end');
        return value ? { value, done: false as const } : { value, done: true as const };
      },
      return: async () => undefined,
    };

    const streamed = await sessions.run(task, async () => ({ ...emptyAnswer(200), rest }));
    const second = sessions.run({ ...task, opens: false }, async () => {
      events.push('second');
      return emptyAnswer(200);
    });
    await streamed.rest!.next();
    await streamed.rest!.next();
    await second;

    expect(events).toEqual(['part', 'end', 'second']);
  });
});

it('limits of sessions that are none are refused by describe', () => {
  expect(() => describeAlgorithm(sumAlgorithm({ sessions: { maxCount: 0 } }))).toThrow(
    'sessions.maxCount must be an integer ≥ 1; received 0.',
  );
});
