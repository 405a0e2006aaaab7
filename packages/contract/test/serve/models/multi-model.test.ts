/** A container of many models, by its routes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { endServers } from '../running-server.js';
import { makeModel, problemOf, startMany } from './multi-model-server.js';

afterEach(endServers);

const OK = { status: 200, body: '' };

describe('a container of many models', () => {
  it('is healthy without any, and has batch parameters but no /invocations', async () => {
    const server = await startMany();

    expect(await server.send('GET', '/ping')).toEqual(OK);
    expect((await server.send('GET', '/execution-parameters')).status).toBe(200);
    expect(await server.send('GET', '/models')).toEqual({ status: 200, body: { models: [] } });
    expect(problemOf(await server.send('POST', '/invocations', '1,2', 'text/csv'))).toMatchObject({
      status: 404,
      message: expect.stringContaining('/models/{name}/invoke'),
    });
  });

  it('loads, lists, describes, invokes and unloads', async () => {
    const server = await startMany();
    const url = makeModel(server.root, 'five', 5);

    expect(await server.loadFrom('five', url)).toEqual(OK);
    expect(await server.load('seven', 7)).toEqual(OK);
    expect(await server.get('five')).toEqual({ status: 200, body: { modelName: 'five', modelUrl: url } });
    expect(await server.names()).toEqual(['five', 'seven']);
    expect(await server.invoke('five', '1,2')).toEqual({ status: 200, body: 15 });
    expect(await server.invoke('seven', '1,2')).toEqual({ status: 200, body: 21 });
    expect(await server.unload('five')).toEqual(OK);
    expect(await server.names()).toEqual(['seven']);
    for (const answer of [await server.get('five'), await server.invoke('five', '1,2'), await server.unload('five')]) {
      expect(problemOf(answer)).toEqual({
        status: 404,
        code: 'E_MODEL_UNKNOWN',
        message: 'Model "five" is not loaded. Load it with POST /models.',
      });
    }
    expect(await server.load('five', 50)).toEqual(OK);
    expect(await server.invoke('five', '1,2')).toEqual({ status: 200, body: 150 });
  });

  it('answers 409 for a name that is loaded or being loaded', async () => {
    const gate = Promise.withResolvers<number>();
    const loading = Promise.withResolvers<void>();
    const server = await startMany({
      algorithm: {
        load() {
          loading.resolve();
          return gate.promise;
        },
      },
    });

    const first = server.load('a', 1);
    await loading.promise;
    expect(problemOf(await server.load('a', 1)).message).toBe('Model "a" is being loaded already. Unload it first.');
    gate.resolve(3);

    expect(await first).toEqual(OK);
    expect(problemOf(await server.load('a', 1))).toMatchObject({ status: 409, code: 'E_MODEL_LOADED' });
    expect(await server.invoke('a', '1,2')).toEqual({ status: 200, body: 9 });
  });

  it.each(['a/b', 'ü 你 %41', 'invoke', '\'"<>\u0000\n', '?x=1#y'])('takes any text as a name: %j', async (name) => {
    const server = await startMany();

    expect(await server.load(name, 2)).toEqual(OK);
    expect(await server.names()).toEqual([name]);
    expect(await server.invoke(name, '1,2')).toEqual({ status: 200, body: 6 });
    expect(await server.unload(name)).toEqual(OK);
  });

  it.each([
    ['not JSON', 'the body must be a JSON object with model_name and url; received "not JSON"'],
    ['[]', 'the body must be a JSON object with model_name and url; received "[]"'],
    ['{"url":"/x"}', 'model_name must be a text of 1 to 1024 characters; received nothing'],
    ['{"model_name":"","url":"/x"}', 'model_name must be a text of 1 to 1024 characters; received "\\"\\""'],
    ['{"model_name":1,"url":"/x"}', 'model_name must be a text of 1 to 1024 characters; received "1"'],
    [
      String.raw`{"model_name":"\ud800","url":"/x"}`,
      String.raw`model_name must be a text of 1 to 1024 characters; received "\"\\ud800\""`,
    ],
    ['{"model_name":"a"}', 'url must be a text of 1 to 4096 characters; received nothing'],
    [`{"x":"${' '.repeat(65536)}"}`, 'the body must have at most 65536 bytes; received 65544'],
  ])('refuses another body to load %#', async (body, problem) => {
    const server = await startMany();

    expect(problemOf(await server.send('POST', '/models', body))).toEqual({
      status: 400,
      code: 'E_REQUEST_BODY',
      message: `POST /models: ${problem}.`,
    });
  });

  it('says why a model cannot be loaded, and lives on', async () => {
    const server = await startMany();
    const empty = join(server.root.paths.models, 'empty', 'model');
    mkdirSync(empty, { recursive: true });
    const damaged = makeModel(server.root, 'damaged', 1);
    writeFileSync(join(damaged, 'model.json'), '{"factor":2}');

    expect(problemOf(await server.loadFrom('a', '/not/there'))).toEqual({
      status: 404,
      code: 'E_MODEL_FOLDER',
      message: 'url must be the folder of a model; "/not/there" is not (ENOENT).',
    });
    expect(problemOf(await server.loadFrom('a', 'models/a'))).toMatchObject({ status: 404, code: 'E_MODEL_FOLDER' });
    expect(problemOf(await server.loadFrom('a', empty))).toMatchObject({
      status: 400,
      code: 'E_MODEL',
      message: expect.stringContaining('must contain a model with .manifest.json; found'),
    });
    expect(problemOf(await server.loadFrom('a', damaged))).toMatchObject({
      status: 400,
      message: expect.stringContaining('the file was changed or damaged after training'),
    });
    expect(await server.send('GET', '/models')).toEqual({ status: 200, body: { models: [] } });
    expect(await server.load('a', 4)).toEqual(OK);
    expect(await server.invoke('a', '1,2')).toEqual({ status: 200, body: 12 });
  });

  it('answers an error of the algorithm as /invocations does, without its text', async () => {
    const server = await startMany({
      algorithm: {
        load() {
          throw new Error('a secret of the container');
        },
      },
    });

    const answer = problemOf(await server.load('a', 1));

    expect(answer).toMatchObject({ status: 500, code: 'E_ALGORITHM' });
    expect(answer.message).not.toContain('secret');
    expect(server.lines.join('\n')).toContain('a secret of the container');
  });
});
