/** Requests of AWS's JSON protocol to any service of a server. */
import type { Answer } from './scene.js';

/** Calls `PREFIX.OPERATION`, as `X-Amz-Target` has it. */
export async function callJson(url: string, target: string, input: unknown = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': target },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
