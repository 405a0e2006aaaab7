/** An API of this machine for the time of some work, as `algo up` serves it, with data that nobody keeps. */
import { mkdtempSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, type EngineName, findEngine, removeTree } from '@algo/local';
import { type ClientOptions, clientVariables } from './client-variables.js';
import { findWorkspace } from './workspace.js';

const REGION = 'us-east-1';

export interface ProgramOptions {
  /** As a process, or the algorithm's image as a container. */
  readonly runner: 'process' | 'container';
  readonly engine?: EngineName;
}

/**
 * @param work gets the variables of this process with those for AWS's clients, and the server's address
 * @throws ArgumentError outside of a workspace, or where containers are asked for and no engine runs them
 */
export async function withLocalApi(
  { runner, engine }: ProgramOptions,
  work: (environment: NodeJS.ProcessEnv, url: string) => Promise<void>,
): Promise<void> {
  const from = process.cwd();
  const workspace = findWorkspace(from);
  if (!workspace) throw new ArgumentError(`There is no folder "algorithms" in ${from} or a parent folder.`);
  const { containerPrograms, processPrograms, startApi } = await import('@algo/api');
  const algorithms = join(workspace, 'algorithms');
  const programs =
    runner === 'container'
      ? containerPrograms(await findEngine('run', engine), algorithms)
      : processPrograms(algorithms);
  const dataFolder = mkdtempSync(join(tmpdir(), 'algo-local-api-'));
  const api = await startApi({
    ...{ dataFolder, region: REGION, environment: process.env },
    programs,
    onError: (error) => console.error(error),
  });
  try {
    const client = { url: api.url, region: REGION, dataFolder, proxy: false };
    await work(await localVariables(client, process.env), api.url);
  } finally {
    await api.close();
    await removeTree(dataFolder);
  }
}

/**
 * The variables of a process with those for AWS's clients in the place of its own: an endpoint of one service, a profile or a
 * session of the shell would win over these, and so would the settings of a file.
 */
export async function localVariables(client: ClientOptions, own: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const others = Object.entries(own).filter(([name]) => !name.startsWith('AWS_'));
  const files = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };
  return { ...Object.fromEntries(others), ...files, ...(await clientVariables(client, own)) };
}
