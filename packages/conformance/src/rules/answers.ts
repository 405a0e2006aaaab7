/** What rules about requests share: whether an answer is the right one, and the model's requests. */
import type { Answer, Call } from '../lab/http.js';
import type { Baseline, Lab } from '../lab/lab.js';
import type { SampleRequest } from '../profile/profile.js';
import { excerpt, hold } from '../verdict.js';

/** The object that a JSON text holds; undefined for anything else. */
export function jsonObject(text: string | Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** "status 415 "text"", for messages. */
export function describe({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  return body.length === 0 ? `status ${status} without a body` : `status ${status} ${excerpt(body)}`;
}

export function isClientError({ status }: Pick<Answer, 'status'>): boolean {
  return status >= 400 && status < 500;
}

/**
 * Where answers to the same request differ, only the status is compared.
 * @param what names the request
 * @throws Broken unless it is the baseline's answer again
 */
export function expectSame(answer: Answer, baseline: Baseline, what: string): void {
  hold(
    answer.status === baseline.status,
    () => `${what}: ${describe(answer)}, where status ${baseline.status} is right`,
  );
  hold(
    !baseline.isStable || answer.body.equals(baseline.body),
    () => `${what}: ${excerpt(answer.body)}, where ${excerpt(baseline.body)} is right`,
  );
}

/** Sends a sample request with changes, and compares the answer with that to the request as it is. */
export async function tryVariant(
  lab: Lab,
  request: SampleRequest,
  change: Partial<SampleRequest>,
  more?: Partial<Call>,
) {
  const baseline = await lab.baseline(request);
  const answer = await (await lab.server()).invoke({ ...request, ...change }, more);
  return { answer, baseline };
}

/** The first sample request must be answered as before. @param after names what was sent in between */
export async function expectStillRight(lab: Lab, after: string): Promise<void> {
  const sample = lab.sample();
  const baseline = await lab.baseline(sample);
  expectSame(await (await lab.server()).invoke(sample), baseline, `${sample.name} after ${after}`);
}
