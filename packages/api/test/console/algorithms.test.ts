import { describe, expect, it } from 'vitest';
import { processPrograms } from '../../src/index.js';
import { openScene } from '../support/scene.js';
import { makeWorkspace } from '../support/workspace.js';

async function ask(url: string, path: string) {
  const response = await fetch(`${url}/_console/${path}`);
  return { status: response.status, body: await response.text() };
}

describe('algorithms of this machine', () => {
  it('are named, described as their programs do, and have their sample requests', async () => {
    const { api } = await openScene({ programs: processPrograms(makeWorkspace()) });

    const names = await ask(api.url, 'algorithms');
    const described = await ask(api.url, 'algorithm?name=sum');
    const samples = await ask(api.url, 'samples?algorithm=sum');
    const sample = await ask(api.url, 'sample?algorithm=sum&index=0');

    expect(JSON.parse(names.body)).toEqual(['sum', 'unbuilt']);
    expect(JSON.parse(described.body)).toMatchObject({
      Name: 'sum',
      TrainingSpecification: { TrainingChannels: [{}] },
    });
    expect(JSON.parse(samples.body)).toEqual([{ name: 'one.csv', contentType: 'text/csv', accept: 'text/csv' }]);
    expect(sample.body).toBe('1,2\n');
  });

  it.each([
    ['algorithm?name=unbuilt', 400, 'has not been built'],
    ['algorithm?name=../sum', 404, 'There is no algorithm \\"../sum\\" on this machine.'],
    ['samples?algorithm=none', 404, 'There is no algorithm \\"none\\" on this machine.'],
    ['sample?algorithm=sum&index=1', 404, 'has no sample request 1'],
    ['sample?algorithm=sum&index=-1', 400, 'index must be an integer from 0'],
  ])('that are not there are an error: %s', async (path, status, message) => {
    const { api } = await openScene({ programs: processPrograms(makeWorkspace()) });

    const answer = await ask(api.url, path);

    expect(answer.status).toBe(status);
    expect(answer.body).toContain(message);
  });

  it('without sample data have no sample requests', async () => {
    const { api } = await openScene();

    expect((await ask(api.url, 'samples?algorithm=sum')).body).toBe('[]');
  });
});
