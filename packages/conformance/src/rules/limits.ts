/** Sizes of bodies. */
import { type Call, INVOCATION_TIMEOUT_MS } from '../lab/http.js';
import type { Lab } from '../lab/lab.js';
import type { Rule } from '../rule.js';
import { hold, NotTried, need, TooLate } from '../verdict.js';
import { describe, expectSame } from './answers.js';
import { enlarge, hasLines } from './large-body.js';
import { PAGES } from './pages.js';

export const LIMIT_RULES: readonly Rule[] = [
  {
    id: 'limits.6-mb',
    rule: 'A body of 6 MB, which InvokeEndpoint always takes, is answered.',
    source: 'API: BodyBlob of InvokeEndpoint',
    severity: 'should',
    async check(lab) {
      const answer = await sendLarge(lab, 6 * MIB);
      hold(answer.status === 200, () => describe(answer));
      return `status 200 after ${(answer.ms / 1000).toFixed(1)} s`;
    },
  },
  {
    id: 'limits.25-mb',
    rule: 'A body of 25 MB, the largest of a real-time request, is answered with 200 or 413, and the next request is right.',
    source: PAGES.sellerImages,
    severity: 'must',
    async check(lab) {
      const sample = lab.sample();
      const baseline = await lab.baseline(sample);
      const answer = await sendLarge(lab, 25 * MIB);
      hold(answer.status === 200 || answer.status === 413, () => describe(answer));
      const server = await lab.server();
      expectSame(await server.invoke(sample), baseline, `${sample.name} after it`);
      return `status ${answer.status} after ${(answer.ms / 1000).toFixed(1)} s`;
    },
  },
  {
    id: 'limits.asynchronous',
    rule: 'A body as large as the profile says for asynchronous endpoints, at most 1 GB, is answered.',
    source: PAGES.asynchronous,
    severity: 'must',
    async check(lab) {
      const { asyncMB } = lab.profile;
      need(asyncMB !== undefined, 'the profile has no asyncMB');
      const answer = await sendLarge(lab, asyncMB * MIB, { timeoutMs: ASYNC_TIMEOUT_MS });
      hold(answer.status === 200, () => describe(answer));
      return `status 200 after ${(answer.ms / 1000).toFixed(1)} s`;
    },
  },
];

// --- internal ---

/** The longest InvocationTimeoutSeconds. */
const ASYNC_TIMEOUT_MS = 3_600_000;

const MIB = 1024 * 1024;

async function sendLarge(lab: Lab, bytes: number, more?: Partial<Call>) {
  const sample = lab.profile.requests.find(hasLines);
  need(sample !== undefined, 'no request of the profile has records that are lines');
  await lab.baseline(sample);
  try {
    // Many short records may have an answer that is longer than any payload: the rules are about what the server takes.
    const call = { isBodyDropped: true, ...more };
    return await (await lab.server()).invoke({ ...sample, body: enlarge(sample, bytes) }, call);
  } catch (error) {
    if (!(error instanceof TooLate)) throw error;
    const seconds = (more?.timeoutMs ?? INVOCATION_TIMEOUT_MS) / 1000;
    throw new NotTried(`the model computes longer than ${seconds} s for ${bytes / MIB} MB of records`);
  }
}
