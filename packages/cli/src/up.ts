/**
 * `algo up`: SageMaker's API on this machine, until Ctrl-C. `algo up --env` prints the variables with which AWS's clients
 * find it.
 */
import { isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { ArgumentError, checkPort, type EngineName, findEngine } from '@algo/local';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { portOption } from './api-port.js';
import { type ClientOptions, replacedProxies, settingLines, unsettingLines } from './client-variables.js';
import { engineOption } from './engine-option.js';
import { listenForInterrupt } from './interrupt.js';
import { integerIn } from './option-values.js';
import { daysOf, prune } from './prune.js';
import { SHELLS, type Shell } from './shell.js';
import { findWorkspace, outputFolder } from './workspace.js';

interface UpOptions {
  readonly port: number;
  readonly host: string;
  readonly data?: string;
  readonly region: string;
  readonly jobs?: number;
  readonly quota?: Readonly<Record<string, number>>;
  readonly runner: 'process' | 'container';
  readonly engine?: EngineName;
  readonly env?: Shell;
  readonly proxy: boolean;
  readonly unset?: true;
  readonly prune?: number;
}

/** node:sqlite is there without a flag since this version. */
const NODE_MAJOR = 24;
const LOOPBACK = '127.0.0.1';
const ANY_ADDRESS: readonly string[] = ['0.0.0.0', '::'];

export function addUp(cli: Command): void {
  cli
    .command('up')
    .summary("serve SageMaker's API on this machine")
    .description(
      'Serves the API of SageMaker and S3 on loopback until Ctrl-C: boto3, the AWS CLI and the SDKs use it unchanged.\n' +
        'A browser gets a console at the same address: jobs with their logs and metrics, models, endpoints.\n' +
        'The image of a job or model names an algorithm of the workspace: .../linear-regression:1.0.0 is algorithms/linear-regression.',
    )
    .addOption(portOption('port to listen on; 0 chooses a free one', 0))
    .option('--host <address>', 'address to listen on; 0.0.0.0 for all addresses of this machine', LOOPBACK)
    .option('--data <dir>', 'folder for jobs, models, objects and their state (default: .algo/api)')
    .option('--region <name>', 'region in ARNs and for jobs', 'us-east-1')
    .option('--jobs <count>', 'jobs that run at a time (default: the number of processors)', integerIn(1, 1024))
    .option('--quota <type=count>', 'instances of a type that may be in use at a time (repeatable)', collectQuota)
    .addOption(new Option('--runner <name>', 'how programs run').choices(['process', 'container']).default('process'))
    .addOption(engineOption())
    .addOption(new Option('--env <shell>', 'print the variables for clients, and start nothing').choices(SHELLS))
    .option('--no-proxy', 'with --env: AWS_ENDPOINT_URL, region, keys and NO_PROXY only, no proxy and no certificates')
    .option('--unset', 'with --env: print what removes these variables')
    .option(
      '--prune <age>',
      'remove jobs that ended longer ago, such as 30d, with their logs, and start nothing',
      daysOf,
    )
    .action(up);
}

// --- internal ---

function collectQuota(text: string, before: UpOptions['quota'] = {}): Readonly<Record<string, number>> {
  const found = /^(ml\.[a-z0-9.-]+)=(\d{1,6})$/.exec(text);
  if (!found) throw new InvalidArgumentError('It must be TYPE=COUNT, such as ml.m5.xlarge=2.');
  return { ...before, [found[1]!]: Number(found[2]) };
}

async function up(options: UpOptions): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
    throw new ArgumentError(
      `"algo up" needs Node ${NODE_MAJOR} or newer; this is ${process.versions.node}. Start it with "npx node node_modules/.bin/algo up", or install a newer one.`,
    );
  }
  const { algorithms, dataFolder } = foldersOf(options);
  if (options.env) {
    return printVariables(options.env, options, { ...options, url: urlOf(options), dataFolder });
  }
  const alone = options.unset ? '--unset' : options.proxy ? undefined : '--no-proxy';
  if (alone) throw new ArgumentError(`${alone} must come with --env SHELL, such as "algo up --env bash ${alone}".`);
  if (options.prune !== undefined) return prune(dataFolder, options.prune);
  if (options.port > 0) {
    await checkPort(options.port, options.host).catch((error) => {
      throw new ArgumentError(`${error.message} Choose another with --port.`, { cause: error });
    });
  }
  await serveApi(options, algorithms, dataFolder);
}

function urlOf({ host, port }: UpOptions): string {
  if (ANY_ADDRESS.includes(host)) return `http://${LOOPBACK}:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

async function printVariables(shell: Shell, { unset }: UpOptions, client: ClientOptions): Promise<void> {
  if (unset) return console.log(await unsettingLines(shell, client, process.env));
  console.log(await settingLines(shell, client, process.env));
  const replaced = replacedProxies(client, process.env);
  if (replaced.length === 0) return;
  // To stderr, which an eval leaves for the user to read.
  console.error(
    `Replaced: ${replaced.join(', ')}. Start "algo up" with it: it reaches other hosts by the proxy of its own variables.`,
  );
}

function foldersOf({ data }: UpOptions): { readonly algorithms: string; readonly dataFolder: string } {
  const from = process.cwd();
  const workspace = findWorkspace(from);
  if (!workspace) {
    throw new ArgumentError(`There is no folder "algorithms" in ${from} or a parent folder. Start it in a workspace.`);
  }
  return {
    algorithms: join(workspace, 'algorithms'),
    dataFolder: data ? resolve(from, data) : outputFolder(from, 'api'),
  };
}

async function serveApi(options: UpOptions, algorithms: string, dataFolder: string): Promise<void> {
  // Room for jobs: under load V8 would keep half as much memory again, for a tenth more requests per second (npm run bench -- api).
  setFlagsFromString('--optimize-for-size');
  // Loaded here: other commands start faster without it, and run on an older Node.
  const { containerPrograms, isLoopback, processPrograms, startApi } = await import('@algo/api');
  const interrupt = listenForInterrupt(() => console.error('Stopping: jobs that run end as Failed.'));
  try {
    const isContainer = options.runner === 'container';
    const api = await startApi({
      dataFolder,
      programs: isContainer
        ? containerPrograms(await findEngine('run', options.engine), algorithms)
        : processPrograms(algorithms),
      port: options.port,
      host: options.host,
      region: options.region,
      ...(options.jobs !== undefined && { concurrency: options.jobs }),
      quotas: options.quota ?? {},
      environment: process.env,
      onError: (error) => console.error(error),
    });
    console.log(`SageMaker's API is at ${api.url}, its data in ${dataFolder}. Ctrl-C stops it.`);
    if (!isLoopback(options.host))
      console.error(`Whoever reaches ${options.host} can run programs on this machine as you.`);
    console.log(`Its console, for your browser: ${api.url}/`);
    console.log(await settingLines('bash', { ...options, url: api.url, dataFolder }, process.env));
    await untilAborted(interrupt.signal);
    await api.close();
  } finally {
    interrupt.close();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolveStop) => {
    if (signal.aborted) resolveStop();
    else signal.addEventListener('abort', () => resolveStop(), { once: true });
  });
}
