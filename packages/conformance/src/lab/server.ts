/** One server of the container under test, from its start to its end, with everything it logs. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Container,
  type ContainerExit,
  isImageProgram,
  messageOf,
  type OptMl,
  type Program,
  prepareModel,
  reservePort,
  startContainer,
} from '@algo/local';
import type { SampleRequest } from '../profile/profile.js';
import { Broken } from '../verdict.js';
import { adviceOnModel, adviceOnPort, adviceOnStart } from './advice.js';
import { type FileDigest, snapshot } from './files.js';
import { type Answer, type Call, exchange } from './http.js';
import type { Setup } from './setup.js';

export interface ServerRequest {
  /** model.tar.gz or a folder; undefined: the container has its own. */
  readonly model: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Where a program of ours listens; default 127.0.0.1. Another has its own choice. */
  readonly host?: string | undefined;
  /** Changes the tree before the container starts. */
  readonly edit?: ((tree: OptMl) => void | Promise<void>) | undefined;
}

export interface Server {
  readonly program: Program;
  /** As in the request. */
  readonly model: string | undefined;
  readonly port: number;
  readonly tree: OptMl;
  /** Within which /ping must be answered. */
  readonly pingMs: number;
  /** Working directory of a process, empty at the start. */
  readonly directory: string;
  readonly before: readonly FileDigest[];
  readonly container: Container;
  /** Undefined while it runs. */
  exit(): ContainerExit | undefined;
  /** A call that breaks or takes too long leaves the server unusable for later rules. @throws Broken */
  call(call: Call): Promise<Answer>;
  ping(headers?: Readonly<Record<string, string>>): Promise<Answer>;
  invoke(request: SampleRequest, more?: Partial<Call>): Promise<Answer>;
  /** Whether a call has broken. */
  isSpoilt(): boolean;
  /** Without grace. */
  kill(): Promise<ContainerExit>;
  /** Names in the working directory. */
  strays(): readonly string[];
}

/** How often /ping is asked before it is 200. */
const PING_INTERVAL_MS = { first: 10, longest: 1000, growth: 1.3 };
/** Ports of the pipeline's containers for themselves; the platform gives a range like this. */
const SAFE_PORTS = 10;

/** Starts a server, ready or not. @throws JobError when the container cannot be started */
export async function launchServer(setup: Setup, request: ServerRequest): Promise<Server> {
  const workDirectory = mkdtempSync(join(setup.folder, 'server-'));
  const tree = await prepareModel(request.model, workDirectory);
  await request.edit?.(tree);
  const directory = join(workDirectory, 'cwd');
  mkdirSync(directory);
  const before = await snapshot(tree.base);
  const reserved = await reservePort();
  const { port } = reserved;
  const container = await startContainer({
    ...{ program: setup.program, command: 'serve', tree, port, host: request.host ?? '127.0.0.1', directory },
    environment: {
      ...setup.environment,
      ...(isImageProgram(setup.program) ? {} : { SAGEMAKER_SAFE_PORT_RANGE: `${port + 1}-${port + SAFE_PORTS}` }),
      ...request.environment,
    },
    logFile: join(workDirectory, 'log.txt'),
  });
  const stop = () => void container.stop(0);
  setup.stop?.addEventListener('abort', stop, { once: true });
  let exit: ContainerExit | undefined;
  let isSpoilt = false;
  void container.exited.then((ended) => {
    exit = ended;
    setup.stop?.removeEventListener('abort', stop);
    reserved.release();
  });
  const { pingMs } = setup.limits;
  const call = async (one: Call) => {
    try {
      return await exchange(port, one);
    } catch (error) {
      isSpoilt = true;
      throw error;
    }
  };
  return {
    ...{ port, tree, directory, before, container, call, program: setup.program, model: request.model, pingMs },
    exit: () => exit,
    isSpoilt: () => isSpoilt,
    ping: (headers) => call({ path: '/ping', timeoutMs: pingMs, headers }),
    invoke: ({ body, contentType, accept }, more) =>
      call({
        ...{ method: 'POST', path: '/invocations', body },
        ...more,
        headers: { 'Content-Type': contentType, ...(accept !== undefined && { Accept: accept }), ...more?.headers },
      }),
    kill: () => container.stop(0),
    strays: () => readdirSync(directory).filter((name) => name !== 'oom'),
  };
}

/**
 * Asks /ping until it answers 200.
 * @returns the first answer with 200
 * @throws Broken when the server ends before, or the time is over, with what was received last
 */
export async function waitUntilReady(server: Server, limitMs: number): Promise<Answer> {
  const began = performance.now();
  let last = 'nothing listens';
  let isRefused = true;
  let wait = PING_INTERVAL_MS.first;
  while (performance.now() - began < limitMs) {
    const exit = server.exit();
    if (exit)
      throw new Broken(
        `the server ended with code ${exit.exitCode} before /ping answered 200${quote(server)}${adviceOnStart(server.program, 'serve')}${adviceOnModel(server)}`,
      );
    try {
      const answer = await exchange(server.port, { path: '/ping', timeoutMs: server.pingMs });
      if (answer.status === 200) return answer;
      last = `status ${answer.status}`;
      isRefused = false;
    } catch (error) {
      last = messageOf(error);
      isRefused = last.includes('ECONNREFUSED');
    }
    await Promise.race([delay(wait), server.container.exited]);
    wait = Math.min(wait * PING_INTERVAL_MS.growth, PING_INTERVAL_MS.longest);
  }
  throw new Broken(
    `/ping did not answer 200 within ${limitMs / 1000} s; last: ${last}${quote(server)}${isRefused ? adviceOnPort(server) : ''}`,
  );
}

/** The last line of the log as the end of a message. */
function quote({ container }: Pick<Server, 'container'>): string {
  const last = container.lastLines.findLast((line) => line.trim() !== '');
  return last === undefined ? '; it logged nothing' : `; its last line: ${JSON.stringify(last.slice(0, 200))}`;
}
