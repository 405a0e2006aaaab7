/** An API of this machine for the time of some work, as `algo up` serves it, with data that nobody keeps. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, type EngineName, findEngine, removeTree } from '@algo/local';
import { clientVariables } from './client-variables.js';
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
    const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...own } = process.env; // of another account
    await work({ ...own, ...(await clientVariables(client, process.env)) }, api.url);
  } finally {
    await api.close();
    await removeTree(dataFolder);
  }
}
