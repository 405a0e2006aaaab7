/** Tuning jobs of the algorithm `sum`, and what they come to. */
import { type Answer, openScene, type Scene } from '../../support/scene.js';
import { digitsOf, tuningJob as randomJob } from '../../support/tuning-job.js';

/** The algorithm `sum` prints train:sum after each epoch: the sum of the data times the number of epochs so far. */
export function tuningJob(name: string, config: object = {}, definition: object = {}, more: object = {}) {
  const ResourceLimits = { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 };
  const search = { Strategy: 'Bayesian', ResourceLimits, ParameterRanges: digitsOf('epochs'), ...config };
  return { ...randomJob(name, search, { StaticHyperParameters: { note: 'static' }, ...definition }), ...more };
}

const byCategory = { CategoricalParameterRanges: [{ Name: 'epochs', Values: ['2', '4', '3'] }] };

export const grid = { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 }, ParameterRanges: byCategory };

export async function openWithData(options: Parameters<typeof openScene>[0] = {}): Promise<Scene> {
  const scene = await openScene(options);
  scene.put({ 'train/a.csv': '1,2\n3,4\n' });
  return scene;
}

/** Describes until the job has ended. */
export function ended({ until }: Scene, name: string): Promise<Answer['body']> {
  return until(
    'DescribeHyperParameterTuningJob',
    { HyperParameterTuningJobName: name },
    ({ HyperParameterTuningJobStatus }) => ['Completed', 'Failed', 'Stopped'].includes(HyperParameterTuningJobStatus),
  );
}

export async function trainingJobs({ call }: Scene, name: string, request: object = {}): Promise<Answer['body'][]> {
  const { body } = await call('ListTrainingJobsForHyperParameterTuningJob', {
    ...{ HyperParameterTuningJobName: name, MaxResults: 100 },
    ...request,
  });
  return body.TrainingJobSummaries;
}
