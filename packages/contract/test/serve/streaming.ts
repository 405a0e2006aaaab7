/** An algorithm that gives its answer part by part, and how it is asked. */
import { AlgorithmError } from '../../src/errors.js';
import type { PredictRequest } from '../../src/prediction.js';

/** Gives a part for each row of the request, and says what happens to it. */
export function createStreaming({ failAt = -1, wait = async (_part: number) => {} } = {}) {
  const events: string[] = [];
  const requests: PredictRequest[] = [];
  async function* predict(
    _model: unknown,
    { rows, features }: { rows: number; features: ArrayLike<number> },
    request: PredictRequest,
  ) {
    requests.push(request);
    try {
      for (let row = 0; row < rows; row++) {
        await wait(row);
        if (row === failAt) throw new AlgorithmError('E_ALGORITHM', 'the secret of the algorithm');
        events.push(`part ${row}`);
        yield { score: Float64Array.of(features[3 * row]!) };
      }
    } finally {
      events.push('end');
    }
  }
  return { events, requests, predict };
}

export async function ask({ url }: { readonly url: string }, accept: string, body = '1,0,0\n2,0,0\n3,0,0\n') {
  const headers = { 'Content-Type': 'text/csv', Accept: accept };
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export const NOTES = 'text/x-notes';

export const notes = {
  description: 'A note for each part.',
  encode: ({ score }: { score: Float64Array }, { parameters }: { parameters: Readonly<Record<string, string>> }) =>
    `${parameters.prefix ?? ''}${score[0]};`,
};
