import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { platformError, platformText, SOURCE } from '../../src/jobs/platform-names.js';
import { makeFolder } from '../support/scene.js';

function openPlaces() {
  const root = makeFolder();
  const places = {
    ...{ objects: { folder: join(root, 's3') }, workFolder: join(root, 'jobs') },
    programs: { algorithms: () => [{ name: 'sum', folder: '/ws/algorithms/sum' }] },
  };
  const job = join(places.workFolder, 'training-job', 'one');
  mkdirSync(join(job, 'objects'), { recursive: true });
  return { places, job };
}

it('an error names objects, also those that a link leads to, and the tree of the container as the platform does', () => {
  const { places, job } = openPlaces();
  const link = join(job, 'objects', 'a: b.csv');
  const manifest = join(job, 'objects', 'manifest.json');
  symlinkSync(join(places.objects.folder, 'data', 'in', 'a: b.csv'), link);
  writeFileSync(manifest, '');
  symlinkSync(join(places.objects.folder, 'data', 'list'), manifest + SOURCE);

  const text = `ENOSPC: copyfile '${link}' -> '${job}/container/opt/ml/input/data/a', ${manifest} line 2: ${job}/container/opt/ml`;
  const error = Object.assign(new Error(text), { code: 'ENOSPC' });

  expect(platformText(places, text)).toBe(
    "ENOSPC: copyfile 's3://data/in/a: b.csv' -> '/opt/ml/input/data/a', s3://data/list line 2: /opt/ml",
  );
  expect(platformError(places, error)).toBe(error);
  expect(error.message).toBe(platformText(places, text));
});

it('a failure has no path of the data folder or the workspace, and keys as they are, not as their files are named', () => {
  const { places, job } = openPlaces();
  symlinkSync(`${places.objects.folder}/data/batch/`, join(job, 'objects') + SOURCE);

  expect(platformText(places, `Transform input ${job}/objects has no files with content.`)).toBe(
    'Transform input s3://data/batch/ has no files with content.',
  );
  expect(platformText(places, `/ws/algorithms/sum/dist/main.js serve exited; file:///ws/tools/a.js`)).toBe(
    'sum/dist/main.js serve exited; file://tools/a.js',
  );
  expect(platformText(places, `mkdir '${places.objects.folder}/data/in/%=c.csv'`)).toBe("mkdir 's3://data/in/c.csv'");
  expect(platformText(places, `${job}/output/a.out, ${dirname(places.workFolder)}/state.db`)).toBe(
    'output/a.out, state.db',
  );
});

it('a text without the platform’s places is as it was', () => {
  const { places } = openPlaces();

  expect(platformText(places, 'no column "x" in /opt/ml/none')).toBe('no column "x" in /opt/ml/none');
});
