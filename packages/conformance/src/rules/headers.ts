/** Headers of requests and answers, and how bodies are framed. */
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../lab/lab.js';
import { openConnection, requestHead } from '../lab/raw-connection.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, need } from '../verdict.js';
import { describe, expectSame, isClientError, jsonObject, tryVariant } from './answers.js';
import { UNKNOWN_TYPE } from './invocations.js';
import { PAGES } from './pages.js';

export const HEADER_RULES: readonly Rule[] = [
  {
    id: 'headers.unknown',
    rule: 'Headers that the container does not know change nothing.',
    source: PAGES.invoke,
    severity: 'must',
    check: (lab) =>
      sameWith(lab, {
        'X-Amzn-SageMaker-Inference-Id': 'conformance-1',
        'X-Amzn-SageMaker-Target-Variant': 'AllTraffic',
        'X-Amzn-SageMaker-Added-Later': 'some value',
        Traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }),
  },
  {
    id: 'headers.custom-attributes',
    rule: 'X-Amzn-SageMaker-Custom-Attributes of 1,024 characters is taken; one in the answer is no longer, and visible ASCII.',
    source: PAGES.invoke,
    severity: 'must',
    async check(lab) {
      const headers = { 'X-Amzn-SageMaker-Custom-Attributes': 'a'.repeat(ATTRIBUTES_CHARS) };
      const { answer, baseline } = await tryVariant(lab, lab.sample(), {}, { headers });
      expectSame(answer, baseline, `with ${ATTRIBUTES_CHARS} characters`);
      const returned = answer.headers['x-amzn-sagemaker-custom-attributes'] ?? '';
      hold(returned.length <= ATTRIBUTES_CHARS, `the answer's has ${returned.length} characters`);
      hold(/^[\x20-\x7e]*$/.test(returned), () => `the answer's is ${excerpt(returned)}`);
      return returned === '' ? 'taken' : 'taken, and returned';
    },
  },
  {
    id: 'headers.metering',
    rule: 'X-Amzn-Inference-Metering, where a success has it, is JSON with Dimension and a number of ConsumedUnits above 0; errors have none.',
    source: PAGES.metering,
    severity: 'must',
    async check(lab) {
      const { answer: refused, baseline } = await tryVariant(lab, lab.sample(), { contentType: UNKNOWN_TYPE });
      const metering = baseline.headers['x-amzn-inference-metering'];
      need(metering !== undefined, 'the answer has none');
      const { Dimension, ConsumedUnits } = jsonObject(metering) ?? {};
      hold(typeof Dimension === 'string' && Number(ConsumedUnits) > 0, excerpt(metering));
      const ofError = refused.status < 400 ? undefined : refused.headers['x-amzn-inference-metering'];
      hold(ofError === undefined, `status ${refused.status} has ${excerpt(ofError ?? '')}`);
      return excerpt(metering);
    },
  },
  {
    id: 'headers.large-request',
    rule: 'Headers of the size that InvokeEndpoint allows, about 5 KB, are taken.',
    source: PAGES.invoke,
    severity: 'must',
    check: (lab) =>
      sameWith(lab, {
        'X-Amzn-SageMaker-Custom-Attributes': 'a'.repeat(1000),
        'X-Amzn-SageMaker-Target-Model': 'm'.repeat(1000),
        'X-Amzn-SageMaker-Session-Id-Hint': 's'.repeat(1000),
        'X-Amzn-SageMaker-Enable-Explanations': 'e'.repeat(1000),
      }),
  },
  {
    id: 'headers.length',
    rule: 'An answer has Content-Length, or is chunked.',
    source: `${PAGES.http1} section 6.3`,
    severity: 'must',
    async check(lab) {
      need(lab.profile.requests.length > 0, 'the profile has no requests');
      for (const request of lab.profile.requests) {
        const { headers } = await lab.baseline(request);
        const isFramed = headers['content-length'] !== undefined || /chunked/i.test(headers['transfer-encoding'] ?? '');
        hold(isFramed, `${request.name}: the answer has neither, and ends with the connection`);
      }
      return `${lab.profile.requests.length} answers`;
    },
  },
  {
    id: 'headers.content-encoding',
    rule: 'An answer is not packed unless Accept-Encoding asks for it: InvokeEndpoint hands on the bytes without Content-Encoding.',
    source: PAGES.invoke,
    severity: 'must',
    async check(lab) {
      need(lab.profile.requests.length > 0, 'the profile has no requests');
      for (const request of lab.profile.requests) {
        const encoding = (await lab.baseline(request)).headers['content-encoding'] ?? 'identity';
        hold(encoding === 'identity', `${request.name}: the answer has Content-Encoding: ${encoding}`);
      }
      return `${lab.profile.requests.length} answers`;
    },
  },
  {
    id: 'headers.size',
    rule: 'The headers of an answer have fewer than 4,096 bytes.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const { headerBytes } = await lab.baseline(lab.sample());
      hold(headerBytes < MAX_HEADER_BYTES, `${headerBytes} bytes`);
      return `${headerBytes} bytes`;
    },
  },
  {
    id: 'http.keep-alive',
    rule: 'A connection serves several requests one after the other.',
    source: `${PAGES.http1} section 9.3`,
    severity: 'should',
    async check(lab) {
      const sample = lab.sample();
      const baseline = await lab.baseline(sample);
      const server = await lab.server();
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        for (let i = 0; i < KEPT_REQUESTS; i++) {
          const answer = await server.invoke(sample, { agent });
          expectSame(answer, baseline, `request ${i + 1} of a connection`);
          hold(!/close/i.test(answer.headers.connection ?? ''), 'the answer has Connection: close');
        }
      } finally {
        agent.destroy();
      }
      return `${KEPT_REQUESTS} requests`;
    },
  },
  {
    id: 'http.chunked',
    rule: 'A chunked body is read, which a batch transform with MaxPayloadInMB=0 sends.',
    source: 'API: CreateTransformJob, MaxPayloadInMB',
    severity: 'should',
    async check(lab) {
      const { answer, baseline } = await tryVariant(lab, lab.sample(), {}, { isChunked: true });
      expectSame(answer, baseline, 'chunked');
      return describe(answer);
    },
  },
  {
    id: 'http.split-body',
    rule: 'A body that arrives in pieces is read to its end.',
    source: `${PAGES.http1} section 6.3`,
    severity: 'must',
    async check(lab) {
      const server = await lab.server();
      // So that the pieces are not joined on their way: a ping is answered after the piece before it has arrived.
      const between = async () => {
        await delay(PIECE_MS);
        await server.ping().catch(() => undefined);
      };
      const { answer, baseline } = await tryVariant(lab, lab.sample(), {}, { pieces: { count: PIECES, between } });
      expectSame(answer, baseline, `in ${PIECES} pieces`);
      return describe(answer);
    },
  },
  {
    id: 'http.expect-continue',
    rule: 'A request with Expect: 100-continue is answered.',
    source: `${PAGES.http} section 10.1.1`,
    severity: 'should',
    async check(lab) {
      const { answer, baseline } = await tryVariant(lab, lab.sample(), {}, { headers: { Expect: '100-continue' } });
      expectSame(answer, baseline, 'with Expect: 100-continue');
      return describe(answer);
    },
  },
  {
    id: 'http.ambiguous-length',
    rule: 'A request with both Content-Length and Transfer-Encoding is refused, so that nothing can be smuggled past a proxy.',
    source: `${PAGES.http1} section 6.1`,
    severity: 'should',
    async check(lab) {
      const { contentType } = lab.sample();
      await lab.baseline(lab.sample());
      const server = await lab.server();
      const connection = await openConnection(server.port);
      const framing = { 'Content-Length': '5', 'Transfer-Encoding': 'chunked', Connection: 'close' };
      connection.write(`${requestHead('/invocations', { 'Content-Type': contentType, ...framing })}0\r\n\r\n`);
      try {
        const answer = await connection.answer();
        hold(isClientError(answer) && answer.status !== 404, `status ${answer.status} ${excerpt(answer.rest)}`);
        return `status ${answer.status}`;
      } catch (error) {
        if (error instanceof Broken && error.message.includes('closed')) return 'the connection is closed';
        throw error;
      } finally {
        connection.close();
      }
    },
  },
];

// --- internal ---

const ATTRIBUTES_CHARS = 1024;
const MAX_HEADER_BYTES = 4096;
const KEPT_REQUESTS = 3;
const PIECES = 4;
const PIECE_MS = 20;

async function sameWith(lab: Lab, headers: Readonly<Record<string, string>>): Promise<string> {
  const { answer, baseline } = await tryVariant(lab, lab.sample(), {}, { headers });
  const names = Object.keys(headers).join(', ');
  expectSame(answer, baseline, `with ${names}`);
  return names;
}
