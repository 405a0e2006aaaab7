/** How each server is started with a model and a number of processes, and what each answers to the same rows. */
import { join } from 'node:path';
import {
  type BenchContext,
  type CargoProgram,
  type CheckedQuestion,
  type Command,
  openServer,
  PYTHON_VARIABLES,
  pinned,
  type RunningServer,
} from '@algo/bench';
import { PEERS, type ServedModel } from './models.ts';

export const AXUM = join(PEERS, 'axum-linear');

/** What the peers are made with. */
export interface Peers {
  readonly context: BenchContext;
  readonly axum: CargoProgram;
}

export type PeerName = 'bare' | 'flask' | 'fastapi' | 'axum';

/** How a server is started. */
export interface Startable {
  readonly command: (port: number) => Command;
  readonly variables: (port: number) => Record<string, string>;
}

/** Why a peer cannot be started. */
export interface Missing {
  readonly missing: string;
}

export function ourServer(model: ServedModel, processes?: number): Startable {
  const workers = processes === undefined ? {} : { SAGEMAKER_MODEL_SERVER_WORKERS: String(processes) };
  return {
    command: () => ({ command: process.execPath, args: [model.program, 'serve'] }),
    variables: (port) => ({ ...model.variables, ...workers, SAGEMAKER_BIND_TO_PORT: String(port) }),
  };
}

/** @param body what the bare server answers */
export function bareServer(processes: number, body: string): Startable {
  const script = join(PEERS, 'bare-http.cjs');
  return {
    command: (port) => ({ command: process.execPath, args: [script, String(port), String(processes)] }),
    variables: () => ({ BODY: body }),
  };
}

/**
 * gunicorn has the sample's kind of workers, which close each connection: that costs little next to pandas.
 * @param name of a Python server @param processes of it, next to the one that watches over them
 */
export function pythonServer(
  name: 'flask' | 'fastapi',
  model: ServedModel,
  processes: number,
  { context: { python } }: Peers,
): Startable | Missing {
  const missing = python.missing([...PACKAGES[name], model.name === 'trees' ? 'xgboost-cpu' : 'scikit-learn']);
  if (missing !== undefined || model.python === undefined) return { missing: missing ?? 'no model' };
  const variables = { ...PYTHON_VARIABLES, MODEL: model.python };
  const program = name === 'flask' ? 'gunicorn' : 'uvicorn';
  const workers = ['--workers', String(processes)];
  const args = (port: number) =>
    name === 'flask'
      ? ['--bind', `127.0.0.1:${port}`, ...workers, 'flask_server:app']
      : ['--port', String(port), ...workers, '--no-access-log', '--log-level', 'warning', 'fastapi_server:app'];
  return {
    command: (port) => ({ command: join(python.binDirectory!, program), args: args(port) }),
    variables: () => variables,
  };
}

/** For linear models only. */
export function axumServer({ weights }: ServedModel, threads: number, { axum }: Peers): Startable | Missing {
  if (weights === undefined) return { missing: 'it has no trees' };
  if ('missing' in axum) return axum;
  return {
    command: (port) => ({ command: axum.path, args: [String(port), String(threads)] }),
    variables: () => ({ WEIGHTS: weights.join(',') }),
  };
}

/**
 * Starts a server. Its log goes into a file, as a reader would take time of a processor.
 * @param cpus of the server; see pinServerAndClient
 */
export function start(server: Startable, { workDirectory }: BenchContext, cpus?: string): Promise<RunningServer> {
  const command = (port: number) => pinned(cpus, server.command(port));
  return openServer({
    command: command(0).command,
    args: (port) => command(port).args,
    variables: server.variables,
    workingDirectory: PEERS,
    logFile: join(workDirectory, `server-${++started}.log`),
    path: '/ping',
  });
}

/** The row as a request of CSV, with what the server answers to it now as its only right answer. */
export async function questionOf(port: number, row: string): Promise<CheckedQuestion> {
  const response = await fetch(`http://127.0.0.1:${port}/invocations`, { method: 'POST', headers: CSV, body: row });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`The answer must be 200; received ${response.status} ${answer}`);
  return { method: 'POST', path: '/invocations', headers: CSV, body: row, answer };
}

/**
 * Compares answers as numbers.
 * @throws Error for a relative difference above 1e-6, the precision of float32, in which trees add up
 */
export function checkSame(ours: CheckedQuestion, theirs: CheckedQuestion, name: string): void {
  const [mine, other] = [Number(ours.answer), Number(theirs.answer)];
  if (Math.abs(mine - other) <= 1e-6 * Math.max(1, Math.abs(mine))) return;
  throw new Error(`${name} must predict ${mine} for ${ours.body}, as we do; it predicts ${other}`);
}

/** Names with versions, for the table. */
export function nameOf(name: PeerName, model: ServedModel, { context: { python } }: Peers): string {
  const library = python.label(model.name === 'trees' ? 'xgboost-cpu' : 'scikit-learn');
  if (name === 'flask') return `${python.label('flask')} + ${python.label('gunicorn')} + ${library}`;
  if (name === 'fastapi') return `${python.label('fastapi')} + ${python.label('uvicorn')} + ${library}`;
  return name === 'bare' ? 'bare node:http' : 'axum 0.8.9, by hand';
}

// --- internal ---

let started = 0;
const CSV = { 'Content-Type': 'text/csv' };
const PACKAGES = {
  flask: ['flask', 'gunicorn', 'numpy', 'pandas'],
  fastapi: ['fastapi', 'httptools', 'numpy', 'uvicorn', 'uvloop'],
} as const;
