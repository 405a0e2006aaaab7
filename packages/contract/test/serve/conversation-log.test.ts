/** What the log has of a conversation, as lines and as JSON. */
import { describe, expect, it } from 'vitest';
import { jsonLog, memoryLog } from '../../src/log.js';
import { conversationLog } from '../../src/serve/conversation/conversation-log.js';
import { createRequestCounts } from '../../src/serve/metrics/request-counts.js';

const ENDED = { status: 101, received: 2, sent: 3, close: 1000, unbilled: 4 };
const REFUSED = { status: 503, code: 'E_BUSY' } as const;

describe('the log of a conversation', () => {
  it('is a line of its numbers, or of why it was refused', () => {
    const log = memoryLog();
    const tell = conversationLog(log, createRequestCounts());

    tell(performance.now(), ENDED);
    tell(performance.now(), { ...ENDED, unbilled: undefined });
    tell(performance.now(), REFUSED);

    expect(log.lines.map((line) => line.replace(/ms=[\d.]+/, 'ms=0'))).toEqual([
      'GET /invocations-bidirectional-stream 101 ms=0 received=2 sent=3 close=1000 unbilled=4',
      'GET /invocations-bidirectional-stream 101 ms=0 received=2 sent=3 close=1000',
      'GET /invocations-bidirectional-stream 503 ms=0 E_BUSY',
    ]);
  });

  it('is an object with the names of a request where lines are JSON', () => {
    const memory = memoryLog();
    const tell = conversationLog(jsonLog(memory), createRequestCounts());

    tell(performance.now(), ENDED);
    tell(performance.now(), REFUSED);

    const common = { level: 'info', message: 'request', method: 'GET', path: '/invocations-bidirectional-stream' };
    const told = { time: expect.any(String), ms: expect.any(Number) };
    expect(memory.lines.map((line) => JSON.parse(line))).toEqual([
      { ...common, ...told, ...ENDED },
      { ...common, ...told, ...REFUSED },
    ]);
  });
});
