import { expect, it } from 'vitest';
import { callTarget, openScene } from '../support/scene.js';

it('lists no images of a repository that has none', async () => {
  const { api } = await openScene();
  const call = (operation: string, input: object) =>
    callTarget(api.url, `AmazonEC2ContainerRegistry_V20150921.${operation}`, input);
  await call('CreateRepository', { repositoryName: 'empty' });

  const listed = await call('ListImages', { repositoryName: 'empty' });

  expect(listed).toMatchObject({ status: 200, body: { imageIds: [] } });
});
