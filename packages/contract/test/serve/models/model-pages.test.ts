import { describe, expect, it } from 'vitest';
import type { HostedModels } from '../../../src/serve/models/hosted-models.js';
import { modelRoutes } from '../../../src/serve/models/model-routes.js';
import { LIST } from './multi-model-server.js';

const names = Array.from({ length: 250 }, (_, i) => `m${String(i).padStart(3, '0')} &=+é`);

/** The answer to GET /models with this query when these models are loaded. */
async function list(query: string, loaded: readonly string[] = names) {
  const models = {
    loaded: () => loaded.map((name) => ({ name, url: `/opt/ml/models/${name}/model` })),
  } as unknown as HostedModels;
  const route = modelRoutes(models, () => undefined)
    .get('/models')!
    .get('GET')!('', `/models${query}`);
  const { status, body } = await route.answer({}, []);
  return { status, value: JSON.parse(Buffer.from(body as Uint8Array).toString()) };
}

describe('the list of models', () => {
  it('has pages of 100, and none of them twice when others come and go', async () => {
    const pages: string[][] = [];
    for (let query: string | undefined = ''; query !== undefined; ) {
      const { value }: { value: unknown } = await list(query, pages.length === 1 ? names.slice(50) : names);
      const { models, nextPageToken } = LIST.parse(value);
      pages.push(models.map(({ modelName }) => modelName));
      query = nextPageToken && `?next_page_token=${nextPageToken}`;
    }

    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(pages.flat()).toEqual(names);
  });

  it('has shorter pages where that is asked for', async () => {
    const { value } = await list('?limit=2');

    expect(LIST.parse(value)).toEqual({
      models: names.slice(0, 2).map((name) => ({ modelName: name, modelUrl: `/opt/ml/models/${name}/model` })),
      nextPageToken: expect.any(String),
    });
  });

  it('has no token on a last page that is full', async () => {
    expect((await list('', names.slice(0, 100))).value).not.toHaveProperty('nextPageToken');
  });

  it.each([
    ['?limit=0', 'limit must be an integer in [1, 100]; received "0".'],
    ['?limit=101', 'limit must be an integer in [1, 100]; received "101".'],
    ['?limit=1e1', 'limit must be an integer in [1, 100]; received "1e1".'],
    ['?next_page_token=', 'next_page_token must be one that GET /models gave; received "".'],
    ['?next_page_token=a!c', 'next_page_token must be one that GET /models gave; received "a!c".'],
  ])('refuses %s', async (query, message) => {
    expect(await list(query)).toEqual({ status: 400, value: { error: { code: 'E_REQUEST_BODY', message } } });
  });
});
