/** The JavaScript SDK with SageMaker, its runtime, and the S3 that they need. */
import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand, S3, waitUntilObjectExists } from '@aws-sdk/client-s3';
import * as sdk from '@aws-sdk/client-sagemaker';
import * as runtimeSdk from '@aws-sdk/client-sagemaker-runtime';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as made from './made-algorithm.js';
import { check, errorOf, run } from './steps.js';

const sagemaker = new sdk.SageMaker();
const runtime = new runtimeSdk.SageMakerRuntime();
const s3 = new S3();
const Bucket = made.BUCKET;
const EndpointName = 'js-endpoint';
const wait = { client: sagemaker, maxWaitTime: 600, minDelay: 1, maxDelay: 1 };
const textOf = (bytes) => Buffer.from(bytes).toString();
const read = async (Key) => (await s3.getObject({ Bucket, Key })).Body.transformToString();

/** What is described when it is no longer being worked on. */
async function settled(describe, status) {
  for (;;) {
    const found = await describe();
    if (!['Pending', 'InProgress'].includes(found[status])) return found;
    await delay(100);
  }
}

/** The error is one of that class of the SDK. */
function checkError(error, kind, pattern = /./) {
  check(error instanceof kind && pattern.test(error.message), { error, name: error.constructor.name });
}

await run(['@aws-sdk/client-sagemaker', '@aws-sdk/client-sagemaker-runtime'], {
  async upload() {
    await s3.createBucket({ Bucket });
    for (const file of made.uploads()) await new Upload({ client: s3, params: { Bucket, ...file } }).done();
  },
  async 'presigned URL'() {
    const [{ Key, Body }] = made.uploads();
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    check((await (await fetch(url)).text()) === Body.toString(), url);
  },
  async train() {
    const Tags = [{ Key: 'team', Value: 'a' }];
    const { TrainingJobArn: ResourceArn } = await sagemaker.createTrainingJob(made.job('js-job', { Tags }));
    check(ResourceArn.endsWith(':training-job/js-job'), ResourceArn);
    const { Tags: found } = await sagemaker.listTags({ ResourceArn });
    check(JSON.stringify(found) === JSON.stringify(Tags), found);
  },
  async wait() {
    const name = { TrainingJobName: 'js-job' };
    const { state } = await sdk.waitUntilTrainingJobCompletedOrStopped(wait, name);
    const found = await sagemaker.describeTrainingJob(name);
    made.checkTrained(found);
    check(state === 'SUCCESS' && found.TrainingEndTime >= found.CreationTime, { state, found });
  },
  async 'error: quota'() {
    await sagemaker.createTrainingJob(made.waitingJob('js-stop'));
    const error = await errorOf(() => sagemaker.createTrainingJob(made.waitingJob('js-more')));
    checkError(error, sdk.ResourceLimitExceeded);
  },
  async stop() {
    const name = { TrainingJobName: 'js-stop' };
    await sagemaker.stopTrainingJob(name);
    await sdk.waitUntilTrainingJobCompletedOrStopped(wait, name);
    const found = await sagemaker.describeTrainingJob(name);
    check(found.TrainingJobStatus === 'Stopped', found);
  },
  async 'list, by pages'() {
    const names = [];
    for await (const page of sdk.paginateListTrainingJobs({ client: sagemaker, pageSize: 1 }, {})) {
      names.push(...page.TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName));
    }
    check(names.join() === 'js-job,js-stop', names);
  },
  async search() {
    const SearchExpression = { Filters: [{ Name: 'Tags.team', Operator: 'Equals', Value: 'a' }] };
    const { Results } = await sagemaker.search({ Resource: 'TrainingJob', SearchExpression });
    check(Results.map(({ TrainingJob }) => TrainingJob.TrainingJobName).join() === 'js-job', Results);
  },
  async tune() {
    const name = { HyperParameterTuningJobName: 'js-tune' };
    await sagemaker.createHyperParameterTuningJob(made.tuning('js-tune'));
    const describe = () => sagemaker.describeHyperParameterTuningJob(name);
    const found = await settled(describe, 'HyperParameterTuningJobStatus');
    const names = [];
    const pages = { client: sagemaker, pageSize: 2 };
    for await (const page of sdk.paginateListTrainingJobsForHyperParameterTuningJob(pages, name)) {
      names.push(...page.TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName));
    }
    check(found.HyperParameterTuningJobStatus === 'Completed' && names.length === 3, { found, names });
    check(names.includes(found.BestTrainingJob.TrainingJobName), { found, names });
    await sagemaker.deleteHyperParameterTuningJob(name);
    checkError(await errorOf(describe), sdk.ResourceNotFound);
  },
  async model() {
    const { ModelArtifacts } = await sagemaker.describeTrainingJob({ TrainingJobName: 'js-job' });
    const PrimaryContainer = { Image: made.Image, ModelDataUrl: ModelArtifacts.S3ModelArtifacts };
    await sagemaker.createModel({ ModelName: 'js-model', PrimaryContainer, ExecutionRoleArn: made.RoleArn });
    const found = await sagemaker.describeModel({ ModelName: 'js-model' });
    check(found.PrimaryContainer.ModelDataUrl === PrimaryContainer.ModelDataUrl, found);
  },
  async transform() {
    await sagemaker.createTransformJob(made.transform('js-transform', 'js-model'));
    await sdk.waitUntilTransformJobCompletedOrStopped(wait, { TransformJobName: 'js-transform' });
    for (const { Key, expected } of made.batchOutputs()) made.checkAnswer(await read(Key), expected);
  },
  async endpoint() {
    const names = { EndpointConfigName: 'js-config', EndpointName };
    const ProductionVariants = [made.variant('js-model')];
    await sagemaker.createEndpointConfig({ ...names, ProductionVariants });
    await sagemaker.createEndpoint(names);
    await sdk.waitUntilEndpointInService(wait, names);
  },
  async invoke() {
    for (const { expected, ...request } of made.samples()) {
      const answer = await runtime.invokeEndpoint({ EndpointName, ...request });
      made.checkAnswer(textOf(answer.Body), expected);
      check(answer.InvokedProductionVariant === 'all' && answer.ContentType === 'application/json', answer);
    }
  },
  async stream() {
    const request = { EndpointName, Body: made.SENTENCES.join(' '), ContentType: 'text/plain' };
    const { Body } = await runtime.invokeEndpointWithResponseStream(request);
    let text = '';
    for await (const { PayloadPart } of Body) text += textOf(PayloadPart.Bytes);
    const labels = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).label); // a document per line
    check(labels.join() === 'technical,delivery', text);
  },
  async 'invoke, asynchronously'() {
    const names = { EndpointConfigName: 'js-async', EndpointName: 'js-async' };
    const AsyncInferenceConfig = { OutputConfig: { S3OutputPath: `s3://${Bucket}/answers` } };
    const ProductionVariants = [made.variant('js-model')];
    await sagemaker.createEndpointConfig({ ...names, ProductionVariants, AsyncInferenceConfig });
    await sagemaker.createEndpoint(names);
    await sdk.waitUntilEndpointInService(wait, names);
    const place = { InputLocation: `s3://${Bucket}/batch/01.txt`, ContentType: 'text/plain' };
    const request = { EndpointName: names.EndpointName, ...place };
    const { OutputLocation } = await runtime.invokeEndpointAsync(request);
    const Key = OutputLocation.slice(`s3://${Bucket}/`.length);
    await waitUntilObjectExists({ ...wait, client: s3 }, { Bucket, Key });
    made.checkAnswer(await read(Key), made.batchOutputs()[0].expected);
    await sagemaker.deleteEndpoint(names);
    await sdk.waitUntilEndpointDeleted(wait, names);
    await sagemaker.deleteEndpointConfig(names);
  },
  async algorithm() {
    await sagemaker.createAlgorithm(made.algorithm('js-algorithm'));
    const describe = () => sagemaker.describeAlgorithm({ AlgorithmName: 'js-algorithm' });
    const found = await settled(describe, 'AlgorithmStatus');
    check(found.AlgorithmStatus === 'Completed', found);
  },
  async package() {
    const request = made.modelPackage('js-package', 'js-algorithm', 'js-job');
    const { ModelPackageArn } = await sagemaker.createModelPackage(request);
    const found = await sagemaker.describeModelPackage({ ModelPackageName: ModelPackageArn });
    check(found.ModelPackageStatus === 'Completed', found);
  },
  async 'a lost answer, asked again'() {
    const lossy = new sdk.SageMaker({ endpoint: process.env.LOSSY_URL });
    made.checkTrained(await lossy.describeTrainingJob({ TrainingJobName: 'js-job' }));
    const { $metadata } = await lossy.createModelPackage(made.modelPackage('js-once', 'js-algorithm', 'js-job'));
    check($metadata.attempts === 2, $metadata);
    const { ModelPackageSummaryList } = await sagemaker.listModelPackages({});
    const names = ModelPackageSummaryList.map(({ ModelPackageName }) => ModelPackageName);
    check(names.sort().join() === 'js-once,js-package', names);
  },
  async 'error: not found'() {
    const job = await errorOf(() => sagemaker.describeTrainingJob({ TrainingJobName: 'none' }));
    checkError(job, sdk.SageMakerServiceException, /^Requested resource not found\.$/);
    check(job.name === 'ValidationException', job.name);
    const model = await errorOf(() => sagemaker.describeModel({ ModelName: 'none' }));
    checkError(model, sdk.SageMakerServiceException, /^Could not find model "arn:/);
    const endpoint = await errorOf(() => runtime.invokeEndpoint({ EndpointName: 'none', Body: 'x' }));
    checkError(endpoint, runtimeSdk.ValidationError, /not found/);
  },
  async 'error: in use'() {
    const error = await errorOf(() => sagemaker.createTrainingJob(made.job('js-job')));
    checkError(error, sdk.ResourceInUse, /already exists/);
  },
  async 'error: constraint'() {
    const error = await errorOf(() => sagemaker.createTrainingJob(made.job('a_b')));
    checkError(error, sdk.SageMakerServiceException, /Member must satisfy regular expression pattern/);
  },
  async 'error: hyperparameter'() {
    const HyperParameters = { smoothing: '1000' };
    const AlgorithmSpecification = { AlgorithmName: 'js-algorithm', TrainingInputMode: 'File' };
    const refused = made.job('js-refused', { HyperParameters, AlgorithmSpecification });
    const error = await errorOf(() => sagemaker.createTrainingJob(refused));
    checkError(error, sdk.SageMakerServiceException, /smoothing.*1000/s);
    await sagemaker.createTrainingJob(made.job('js-failed', { HyperParameters }));
    const name = { TrainingJobName: 'js-failed' };
    const failure = await errorOf(() => sdk.waitUntilTrainingJobCompletedOrStopped(wait, name));
    const { FailureReason } = await sagemaker.describeTrainingJob(name);
    check(/"state":"FAILURE"/.test(failure.message), failure.message);
    const reason = 'ClientError: Hyperparameter "smoothing" must be a number in [0.001, 100]; received "1000".';
    check(FailureReason === reason, FailureReason);
  },
  async 'error: model'() {
    const request = { EndpointName, Body: '{}', ContentType: 'application/json' };
    const error = await errorOf(() => runtime.invokeEndpoint(request));
    checkError(error, runtimeSdk.ModelError, /Received client error \(400\) from primary/);
    check(error.OriginalStatusCode === 400 && error.$metadata.httpStatusCode === 424, error);
  },
  async 'error: stream'() {
    const request = { EndpointName, Body: `${made.SENTENCES[0]} Stop!`, ContentType: 'text/plain' };
    const { Body } = await runtime.invokeEndpointWithResponseStream(request);
    let text = '';
    const error = await errorOf(async () => {
      for await (const { PayloadPart } of Body) text += textOf(PayloadPart.Bytes);
    });
    check(JSON.parse(text).label === 'technical', text);
    checkError(error, runtimeSdk.ModelStreamError, /broke off/);
    check(error.ErrorCode === 'StreamBroken', error.ErrorCode);
  },
  async 'error: no such operation'() {
    const error = await errorOf(() => sagemaker.listNotebookInstances({}));
    checkError(error, sdk.SageMakerServiceException, /"ListNotebookInstances"/);
    check(error.name === 'UnknownOperationException', error.name);
  },
  async delete() {
    await sagemaker.deleteEndpoint({ EndpointName });
    await sdk.waitUntilEndpointDeleted(wait, { EndpointName });
    await sagemaker.deleteEndpointConfig({ EndpointConfigName: 'js-config' });
    await sagemaker.deleteModel({ ModelName: 'js-model' });
    for (const ModelPackageName of ['js-package', 'js-once']) await sagemaker.deleteModelPackage({ ModelPackageName });
    await sagemaker.deleteAlgorithm({ AlgorithmName: 'js-algorithm' });
    await sagemaker.deleteTrainingJob({ TrainingJobName: 'js-job' });
    const error = await errorOf(() => sagemaker.describeTrainingJob({ TrainingJobName: 'js-job' }));
    check(error.name === 'ValidationException', error);
  },
});
