/**
 * Puts training jobs that have ended into a data folder, as a server leaves them: `node fill.js FOLDER COUNT`. Running so
 * many would take hours.
 */
import { sageMakerArn } from '../../src/account.js';
import type { TrainingJobBody } from '../../src/sagemaker/training-jobs/shapes.js';
import { TRAINING_JOB } from '../../src/sagemaker/training-jobs/state.js';
import { openStore } from '../../src/store/store.js';
import { trainingJobRequest } from './job-request.js';

const [folder, count] = process.argv.slice(2);
const store = openStore(folder!);
const account = { id: '000000000000', region: 'us-east-1' };
store.transaction(() => {
  for (let i = 0; i < Number(count); i++) {
    const body = endedJob(i);
    const { TrainingJobName: name, TrainingJobArn: arn, CreationTime: created, LastModifiedTime: modified } = body;
    store.records.insert({ kind: TRAINING_JOB, name, arn, status: 'Completed', created, modified, body });
  }
});
store.close();

function endedJob(i: number): TrainingJobBody {
  const request = trainingJobRequest(i);
  const time = (seconds: number) => 1_760_000_000 + i * 60 + seconds;
  return {
    ...request,
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: false,
    TrainingJobArn: sageMakerArn(account, TRAINING_JOB, request.TrainingJobName),
    ModelArtifacts: { S3ModelArtifacts: `s3://bench/output/${request.TrainingJobName}/output/model.tar.gz` },
    TrainingJobStatus: 'Completed',
    SecondaryStatus: 'Completed',
    CreationTime: time(0),
    TrainingStartTime: time(2.1),
    TrainingEndTime: time(30.2),
    LastModifiedTime: time(30.2),
    SecondaryStatusTransitions: [
      { Status: 'Starting', StartTime: time(0), EndTime: time(1.1), StatusMessage: 'Starting the training job' },
      { Status: 'Downloading', StartTime: time(1.1), EndTime: time(2.1), StatusMessage: 'Downloading input data' },
      {
        ...{ Status: 'Training', StartTime: time(2.1), EndTime: time(29.7) },
        StatusMessage: 'Training image download completed. Training in progress.',
      },
      {
        ...{ Status: 'Uploading', StartTime: time(29.7), EndTime: time(30.2) },
        StatusMessage: 'Uploading generated training model',
      },
      {
        ...{ Status: 'Completed', StartTime: time(30.2), EndTime: time(30.2) },
        StatusMessage: 'Training job completed',
      },
    ],
    FinalMetricDataList: ['train:rmse', 'validation:rmse'].map((MetricName, j) => ({
      ...{ MetricName, Value: 3 + i / 10_000 + j, Timestamp: time(29) },
    })),
    TrainingTimeInSeconds: 29,
    BillableTimeInSeconds: 29,
    ProfilingStatus: 'Disabled',
  };
}
