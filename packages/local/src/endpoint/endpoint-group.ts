/** Several servers that are started together: the containers of one model. */
import { type Endpoint, type EndpointRequest, startEndpoint } from './endpoint.js';

/**
 * All or none: when one does not start, the others are stopped.
 * @param describe makes the error of the server at an index the group's
 * @throws the error of the server that failed first
 */
export async function startEndpoints(
  requests: readonly EndpointRequest[],
  describe: (error: unknown, index: number) => unknown = (error) => error,
): Promise<readonly Endpoint[]> {
  const failing = new AbortController();
  const starts = requests.map((request, i) => {
    const stop = request.stop ? AbortSignal.any([request.stop, failing.signal]) : failing.signal;
    return startEndpoint({ ...request, stop }).catch((error) => {
      failing.abort(describe(error, i)); // of the first; later calls change nothing
      throw error;
    });
  });
  const results = await Promise.allSettled(starts);
  const endpoints = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (endpoints.length === requests.length) return endpoints;
  await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  throw failing.signal.reason;
}
