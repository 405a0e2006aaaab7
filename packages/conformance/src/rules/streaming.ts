/** Response streaming: answers that come in parts, tried with the requests that a profile has for it. */
import { type ChunkedAnswer, readChunked, sendForStream } from '../lab/chunked-answer.js';
import type { Lab } from '../lab/lab.js';
import type { RawConnection } from '../lab/raw-connection.js';
import type { Rule } from '../rule.js';
import { hold, need } from '../verdict.js';
import { expectStillRight } from './answers.js';
import { PAGES } from './pages.js';

export const STREAMING_RULES: readonly Rule[] = [
  {
    id: 'streaming.chunked',
    rule: 'An answer that is streamed is chunked, and comes to its end: each chunk becomes an event of the caller’s stream.',
    source: PAGES.responseStream,
    severity: 'must',
    async check(lab) {
      const { status, isChunked, chunks } = await streamed(lab);
      hold(status === 200, `status ${status}`);
      hold(isChunked, 'the answer has no Transfer-Encoding: chunked');
      return `${chunks.length} ${chunks.length === 1 ? 'chunk' : 'chunks'}`;
    },
  },
  {
    id: 'streaming.parts',
    rule: 'An answer that is streamed comes in several chunks, each when it is there.',
    source: PAGES.responseStream,
    severity: 'should',
    async check(lab) {
      const { status, isChunked, chunks } = await streamed(lab);
      need(status === 200 && isChunked, 'the answer is not streamed');
      hold(chunks.length > 1, `one chunk of ${chunks[0]?.length ?? 0} bytes`);
      return `${chunks.length} chunks`;
    },
  },
  {
    id: 'streaming.caller-leaves',
    rule: 'A caller that leaves after the first part of an answer does not harm the server.',
    source: PAGES.responseStream,
    severity: 'must',
    async check(lab) {
      need(lab.profile.streamRequests.length > 0, UNDECLARED);
      const server = await lab.server();
      await lab.baseline(lab.sample());
      await withStream(lab, async (connection) => {
        await connection.answer();
        connection.reset();
      });
      await server.ping();
      await expectStillRight(lab, 'a caller has left a streamed answer');
      const exit = server.exit();
      hold(exit === undefined, `the server ended with code ${exit?.exitCode}`);
      return 'the next request is right';
    },
  },
];

// --- internal ---

const UNDECLARED = 'the profile has no streamRequests';

const answers = new WeakMap<Lab, Promise<ChunkedAnswer>>();

/** One answer for both rules. */
function streamed(lab: Lab): Promise<ChunkedAnswer> {
  const answer = answers.get(lab) ?? withStream(lab, readChunked);
  answers.set(lab, answer);
  return answer;
}

async function withStream<T>(lab: Lab, use: (connection: RawConnection) => Promise<T>): Promise<T> {
  const [request] = lab.profile.streamRequests;
  need(request !== undefined, UNDECLARED);
  const { port } = await lab.server();
  const connection = await sendForStream(port, request);
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}
