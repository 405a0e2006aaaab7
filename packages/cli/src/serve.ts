/**
 * `algo serve`: a model behind the server that SageMaker hosting would start, until Ctrl-C. The server's log goes to
 * stdout.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ArgumentError,
  checkPort,
  describeProgram,
  type Endpoint,
  isListening,
  JobError,
  type Program,
  removeTree,
  startEndpoint,
} from '@algo/local';
import type { Command } from 'commander';
import { listenForInterrupt } from './interrupt.js';
import { collectPair, integerIn, type Pairs } from './option-values.js';
import { modelPath, resolveProgram } from './workspace.js';

/** Reaches a server that listens on all addresses, but not one that listens only on 127.0.0.1 (Linux). */
const OTHER_LOOPBACK = '127.0.0.2';

export interface ServeOptions {
  readonly model?: string;
  readonly port: number;
  readonly host: string;
  readonly env?: Pairs;
}

export function addServe(cli: Command): void {
  const command = cli
    .command('serve')
    .summary('serve a model')
    .description('Serves a model like SageMaker hosting, until Ctrl-C (SIGTERM, then SIGKILL after 30 s).')
    .argument('<algorithm>', "an algorithm's folder or program, or its name in the workspace's folder algorithms");
  addServeOptions(command).action((algorithm: string, options: ServeOptions) =>
    serve(resolveProgram(algorithm, process.cwd()), options),
  );
}

/** The options of a server, whether it is a process or a container. */
export function addServeOptions(command: Command): Command {
  return command
    .option(
      '-m, --model <path>',
      'model.tar.gz of a training job, or a folder with its unpacked files; a model package may have none',
    )
    .option('--port <port>', 'port to listen on; 0 chooses a free one', integerIn(0, 65_535), 8080)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for all addresses of this machine', '127.0.0.1')
    .option('-e, --env <name=value>', 'variable for the program (repeatable)', collectPair);
}

/** Serves until the first signal. */
export async function serve(program: Program, options: ServeOptions): Promise<void> {
  const from = process.cwd();
  const description = await describeProgram(program);
  const isOfMany = isMultiModel(options);
  if (options.port > 0) {
    await checkPort(options.port, options.host).catch((error) => {
      const option = error.message.startsWith('Host') ? '--host' : '--port';
      throw new ArgumentError(`${error.message} Choose another with ${option}.`, { cause: error });
    });
  }
  const workDirectory = await mkdtemp(join(tmpdir(), 'algo-serve-'));
  const interrupt = listenForInterrupt(() => console.error('Stopping the server: SIGTERM, then SIGKILL after 30 s.'));
  try {
    const endpoint = await startEndpoint({
      program,
      model: isOfMany ? undefined : modelPath(options.model, description, from),
      workDirectory,
      logFile: join(workDirectory, 'log.txt'),
      port: options.port || undefined,
      host: options.host,
      quotesLog: false, // all of it is on stdout
      environment: options.env ?? {},
      stop: interrupt.signal,
      onEvent: (event) => event.type === 'log' && console.log(event.line),
    });
    const contentType = description.InferenceSpecification.SupportedContentTypes[0]!;
    console.log(
      [
        `${description.Name} ${description.Version} serves ${endpoint.url}, /ping 200 after ${endpoint.readySeconds.toFixed(2)} s. Ctrl-C stops it.`,
        ...(isOfMany ? [`  curl -d '{"model_name":"a","url":"FOLDER OF ITS FILES"}' ${endpoint.url}/models`] : []),
        `  curl -H 'Content-Type: ${contentType}' --data-binary @FILE ${endpoint.url}/${isOfMany ? 'models/a/invoke' : 'invocations'}`,
      ].join('\n'),
    );
    if (options.host === '127.0.0.1' && (await isListening(endpoint.port, OTHER_LOOPBACK))) {
      console.error('The program also listens on the other addresses of this machine: it ignores ALGO_BIND_TO_HOST.');
    }
    await untilEnd(endpoint, interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error; // stopped while it started
  } finally {
    interrupt.close();
    await removeTree(workDirectory);
  }
}

// --- internal ---

/** @throws ArgumentError for a model, where the caller loads models by requests */
function isMultiModel({ env, model }: ServeOptions): boolean {
  if (!/^(true|1)$/i.test(env?.[MULTI_MODEL] ?? '')) return false;
  if (model === undefined) return true;
  throw new ArgumentError(`With ${MULTI_MODEL} models are loaded by POST /models: leave out --model.`);
}

const MULTI_MODEL = 'SAGEMAKER_MULTI_MODEL';

async function untilEnd(endpoint: Endpoint, stop: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolveStop) => {
    if (stop.aborted) resolveStop();
    else stop.addEventListener('abort', () => resolveStop(), { once: true });
  });
  await Promise.race([stopped, endpoint.exited]);
  const wasAsked = stop.aborted;
  const { exitCode, wasKilled } = await endpoint.stop();
  if (!wasAsked) throw new JobError(`The server exited on its own with code ${exitCode}.`);
  if (wasKilled) throw new JobError('The server did not exit within 30 s of SIGTERM and was killed.');
  if (exitCode !== 0) throw new JobError(`The server exited with code ${exitCode} after SIGTERM.`);
}
