/** SageMaker's operations, as every client calls them: AWS JSON 1.1 on the page's own origin. */
import type { Members } from '../state/state.js';

/** An operation's own error. */
class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws ApiError with the service's message */
export async function callSageMaker(operation: string, input: Members): Promise<Members> {
  const response = await fetch('/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `SageMaker.${operation}` },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const members = (text === '' ? {} : JSON.parse(text)) as Members;
  if (response.ok) return members;
  throw new ApiError(String(members.__type ?? response.status), String(members.message ?? response.statusText));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
