/** A server of many models in this process, and what tests ask of it. A model of factor f predicts f times the sum of a row. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeModel } from '../../../src/model/save.js';
import type { ContainerRoot } from '../../../src/testing/container-root.js';
import { type RunningServer, startServer } from '../running-server.js';

const MULTI_MODEL = { SAGEMAKER_MULTI_MODEL: 'true', SAGEMAKER_MODEL_SERVER_WORKERS: '2' };

const IDENTITY = { name: 'sum', version: '1.2.3' };

export type ManyServer = RunningServer & ReturnType<typeof clientOf>;

export async function startMany(options: Parameters<typeof startServer>[0] = {}): Promise<ManyServer> {
  const server = await startServer({ ...options, variables: { ...MULTI_MODEL, ...options.variables } });
  return { ...server, ...clientOf(server) };
}

/** @returns the folder of a model, as the platform names it */
export function makeModel(root: ContainerRoot, folder: string, factor: number, featureCount = 2): string {
  const path = join(root.paths.models, folder, 'model');
  mkdirSync(path, { recursive: true });
  writeModel(path, { files: { 'model.json': JSON.stringify({ factor }) }, featureCount }, IDENTITY);
  return path;
}

export interface Reply {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

export function clientOf({ url, root }: Pick<RunningServer, 'url' | 'root'>) {
  const send = async (method: string, path: string, body?: string, type = 'application/json'): Promise<Reply> => {
    const headers = {
      ...(body !== undefined && { 'Content-Type': type }),
      ...(type === 'text/csv' && { Accept: type }),
    };
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  };
  const named = (name: string) => `/models/${encodeURIComponent(name)}`;
  const loadFrom = (name: string, folder: string) =>
    send('POST', '/models', JSON.stringify({ model_name: name, url: folder }));
  return {
    send,
    loadFrom,
    /** Makes a model in a folder of its own, and loads it. */
    load: (name: string, factor: number) =>
      loadFrom(name, makeModel(root, Buffer.from(name).toString('hex').slice(0, 200), factor)),
    unload: (name: string) => send('DELETE', named(name)),
    get: (name: string) => send('GET', named(name)),
    invoke: (name: string, row: string) => send('POST', `${named(name)}/invoke`, row, 'text/csv'),
    async names(query = '') {
      const { body } = await send('GET', `/models${query}`);
      return LIST.parse(body).models.map(({ modelName }) => modelName);
    },
  };
}

export const LIST = z.strictObject({
  models: z.array(z.strictObject({ modelName: z.string(), modelUrl: z.string() })),
  nextPageToken: z.string().optional(),
});

/** What an answer says is wrong. */
export function problemOf({ status, body }: Reply): { status: number; code: string; message: string } {
  return {
    status,
    ...z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) }).parse(body).error,
  };
}

// --- internal ---

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
