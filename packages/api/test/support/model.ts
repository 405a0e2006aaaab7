/** The model `model` of the algorithm `sum`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder, removeTree } from '@algo/local';
import { hasEnded, IMAGE, newFolder, ROLE, type Scene, trainingJob } from './scene.js';

/** A model of the algorithm `sum` whose training saw numbers with the sum 10. */
export async function makeModel(scene: Scene, environment: Readonly<Record<string, string>> = {}) {
  const { call, put, until } = scene;
  put({ 'train/a.csv': '1,2\n3,4\n' });
  await call('CreateTrainingJob', trainingJob('job'));
  const { ModelArtifacts } = await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);
  await createModel(scene, ModelArtifacts.S3ModelArtifacts, environment);
}

/** The same model without its training job, which most tests of what is done with a model have no need of. */
export async function placeModel(scene: Scene, environment: Readonly<Record<string, string>> = {}) {
  const folder = newFolder();
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ sum: 10 }));
  await packFolder(folder, scene.object('out/job/output/model.tar.gz'));
  await removeTree(folder);
  await createModel(scene, 's3://data/out/job/output/model.tar.gz', environment);
}

async function createModel({ call }: Scene, ModelDataUrl: string, Environment: Readonly<Record<string, string>>) {
  const PrimaryContainer = { Image: IMAGE, ModelDataUrl, Environment };
  const { status, body } = await call('CreateModel', { ModelName: 'model', PrimaryContainer, ExecutionRoleArn: ROLE });
  if (status !== 200) throw new Error(JSON.stringify(body));
}
