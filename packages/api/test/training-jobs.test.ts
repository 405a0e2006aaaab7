import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasEnded, openScene, trainingJob } from './support/scene.js';

it('a training job goes through its statuses, and its model is an object afterwards', async () => {
  const scene = await openScene();
  scene.put({ 'train/a.csv': '1,2\n3,4\n', 'train/sub/b.csv': '10\n' });

  const created = await scene.call('CreateTrainingJob', trainingJob('Sum-1'));
  const job = await scene.until('DescribeTrainingJob', { TrainingJobName: 'Sum-1' }, hasEnded);

  expect(created).toMatchObject({
    status: 200,
    body: { TrainingJobArn: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/sum-1' },
  });
  expect(job).toMatchObject({
    TrainingJobStatus: 'Completed',
    SecondaryStatus: 'Completed',
    ModelArtifacts: { S3ModelArtifacts: 's3://data/out/Sum-1/output/model.tar.gz' },
    FinalMetricDataList: [{ MetricName: 'train:sum', Value: 20 }],
  });
  expect(job.SecondaryStatusTransitions.map(({ Status }: { Status: string }) => Status)).toEqual([
    ...['Starting', 'Downloading', 'Training', 'Uploading', 'Completed'],
  ]);
  expect(existsSync(scene.object('out/Sum-1/output/model.tar.gz'))).toBe(true);
  expect(existsSync(scene.object('out/Sum-1/output/output.tar.gz'))).toBe(true);
});
