/** The servers of a batch transform: one, or those of a pipeline in their order, called as one. */
import { type Endpoint, quoteLog } from '../endpoint/endpoint.js';
import { startEndpoints } from '../endpoint/endpoint-group.js';
import type { ServerClient } from '../endpoint/invocation.js';
import { createPipelineClient } from '../endpoint/pipeline.js';
import type { ServerRequest } from '../endpoint/server-request.js';
import { JobError } from '../errors.js';

export interface TransformServers {
  readonly client: ServerClient;
  /** Resolves when a server has ended on its own. */
  readonly ended: Promise<JobError>;
  stop(): Promise<void>;
}

/**
 * All or none, each healthy.
 * @param variables of batch transforms, for each server
 * @throws what startEndpoint throws
 */
export async function startServers(
  request: ServerRequest & { readonly nextServers?: readonly ServerRequest[] | undefined },
  variables: Readonly<Record<string, string>>,
): Promise<TransformServers> {
  const requests = [request, ...(request.nextServers ?? [])];
  const endpoints = await startEndpoints(
    requests.map((server) => ({ ...server, environment: { ...server.environment, ...variables } })),
  );
  return {
    client: createPipelineClient(endpoints.map(({ client }) => client)),
    ended: Promise.race(endpoints.map(endOf)),
    stop: async () => void (await Promise.all(endpoints.map((endpoint) => endpoint.stop()))),
  };
}

// --- internal ---

async function endOf({ exited, lastLines }: Endpoint): Promise<JobError> {
  const { exitCode } = await exited;
  return new JobError(`serve exited with code ${exitCode}.${quoteLog(lastLines)}`);
}
