/** The program of this algorithm as a container of many models, with a memory limit where one is given. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel } from '@algo/contract';
import { makeContainerRoot } from '@algo/contract/testing';
import { onTestFinished } from 'vitest';
import { linearRegression } from '../../src/algorithm.js';
import { type LinearModel, MODEL_FILE, modelSchema } from '../../src/model/model-file.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

export interface ManyModels {
  /** Writes a model into a folder of its own. */
  write(name: string, model: LinearModel): void;
  load(name: string): Promise<{ readonly status: number; readonly text: string }>;
  unload(name: string): Promise<number>;
  /** The prediction of one row. */
  predict(name: string, row: readonly number[]): Promise<number>;
  ping(): Promise<number>;
  loadedCount(): Promise<number>;
  readonly lines: readonly string[];
  /** Bytes that all its processes have, shared pages in parts. */
  memory(): number;
}

/** @param procs the file of a control group that its processes are put into */
export async function startManyModels(procs?: string): Promise<ManyModels> {
  const root = makeContainerRoot();
  const script = procs === undefined ? 'exec "$@"' : `echo $$ > ${procs} && exec "$@"`;
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, PROGRAM, 'serve'], {
    env: { ...root.variables, SAGEMAKER_MULTI_MODEL: 'true', SAGEMAKER_BIND_TO_PORT: '0' },
  });
  const exited = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
    root.remove();
  });
  const lines: string[] = [];
  const port = await new Promise<string>((resolve, reject) => {
    void exited.then(() => reject(new Error(lines.join('\n'))));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        lines.push(...text.trimEnd().split('\n'));
        const found = /port=(\d+)/.exec(text)?.[1];
        if (found) resolve(found);
      });
    }
  });
  const url = `http://127.0.0.1:${port}`;
  const folder = (name: string) => join(root.paths.models, name, 'model');
  return {
    lines,
    write(name, model) {
      mkdirSync(folder(name), { recursive: true });
      const files = { [MODEL_FILE]: JSON.stringify(modelSchema.parse(model)) };
      writeModel(folder(name), { files, featureCount: model.featureCount }, linearRegression);
    },
    async load(name) {
      const body = JSON.stringify({ model_name: name, url: folder(name) });
      const response = await fetch(`${url}/models`, { method: 'POST', body });
      return { status: response.status, text: await response.text() };
    },
    unload: async (name) => (await fetch(`${url}/models/${name}`, { method: 'DELETE' })).status,
    async predict(name, row) {
      const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
      const response = await fetch(`${url}/models/${name}/invoke`, { method: 'POST', headers, body: row.join(',') });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${name}: ${response.status} ${text}`);
      return Number(text);
    },
    ping: async () => (await fetch(`${url}/ping`)).status,
    async loadedCount() {
      let count = 0;
      for (let query: string | undefined = ''; query !== undefined; ) {
        const { models, nextPageToken } = (await (await fetch(`${url}/models${query}`)).json()) as {
          readonly models: readonly unknown[];
          readonly nextPageToken?: string;
        };
        count += models.length;
        query = nextPageToken && `?next_page_token=${nextPageToken}`;
      }
      return count;
    },
    memory: () => [child.pid!, ...childrenOf(child.pid!)].reduce((sum, pid) => sum + proportionalBytes(pid), 0),
  };
}

/** A model of this many features whose prediction is easy to know: see `predictionOf`. */
export function modelNumber(number: number, featureCount: number): LinearModel {
  const row = (length: number) => Array.from({ length }, (_, i) => 1 / (length + i));
  return {
    ...{ kind: 'linear', method: 'ols', featureCount, degree: 1, hasIntercept: true, intercept: number },
    coefficients: Array.from({ length: featureCount }, (_, feature) => (number + feature) / 8),
    interval: {
      ...{ degreesOfFreedom: 100, residualStandardDeviation: 1 },
      factor: Array.from({ length: featureCount + 1 }, (_, i) => row(i + 1)),
    },
  };
}

/** Of that model, exact in float64: all numbers are small multiples of an eighth. */
export function predictionOf(number: number, row: readonly number[]): number {
  return row.reduce((sum, value, feature) => sum + (value * (number + feature)) / 8, number);
}

// --- internal ---

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => readText(`/proc/${name}/stat`).split(') ')[1]?.split(' ')[1] === String(parent))
    .map(Number);
}

function proportionalBytes(pid: number): number {
  return Number(/^Pss: +(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** Empty for a process that has ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
