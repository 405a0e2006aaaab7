/** CreateHyperParameterTuningJob for the algorithm `sum`. */
import { trainingJob } from './scene.js';

/** Whole numbers from 1 to 9 of one hyperparameter. */
export const digitsOf = (Name: string) => ({ IntegerParameterRanges: [{ Name, MinValue: '1', MaxValue: '9' }] });

/** Two training jobs at the same time, whose hyperparameter `a` changes nothing. */
export function tuningJob(name: string, config: object = {}, definition: object = {}) {
  const { TrainingJobName: _, ...job } = trainingJob('x');
  return {
    HyperParameterTuningJobName: name,
    HyperParameterTuningJobConfig: {
      Strategy: 'Random',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'train:sum' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
      ParameterRanges: digitsOf('a'),
      ...config,
    },
    TrainingJobDefinition: { ...job, ...definition },
  };
}
