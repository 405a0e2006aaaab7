/** The JavaScript SDK with SageMaker and its runtime. Prints a line of JSON per step, as steps.py does. */
import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-sagemaker';
import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';

const sagemaker = new sdk.SageMaker();
const runtime = new SageMakerRuntime();
const Image = 'sum:1.2.3';
const RoleArn = 'arn:aws:iam::123456789012:role/Runner';
const S3DataSource = { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/' };

const check = (holds, found) => {
  if (!holds) throw new Error(`unexpected: ${JSON.stringify(found)}`);
};
const wait = { client: sagemaker, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
const textOf = (bytes) => Buffer.from(bytes).toString();

const job = (TrainingJobName, HyperParameters = {}) => ({
  ...{ TrainingJobName, RoleArn, HyperParameters },
  AlgorithmSpecification: { TrainingImage: Image, TrainingInputMode: 'File' },
  InputDataConfig: [{ ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource } }],
  OutputDataConfig: { S3OutputPath: 's3://data/out' },
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 5 },
  StoppingCondition: { MaxRuntimeInSeconds: 600 },
});

async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

const STEPS = {
  async train() {
    await sagemaker.createTrainingJob(job('js-job'));
    await sdk.waitUntilTrainingJobCompletedOrStopped(wait, { TrainingJobName: 'js-job' });
    const found = await sagemaker.describeTrainingJob({ TrainingJobName: 'js-job' });
    check(found.TrainingJobStatus === 'Completed' && found.TrainingEndTime >= found.CreationTime, found);
  },
  async stop() {
    await sagemaker.createTrainingJob(job('js-stop', { behave: 'wait' }));
    await sagemaker.stopTrainingJob({ TrainingJobName: 'js-stop' });
    await sdk.waitUntilTrainingJobCompletedOrStopped(wait, { TrainingJobName: 'js-stop' });
  },
  async list() {
    const names = [];
    for await (const page of sdk.paginateListTrainingJobs({ client: sagemaker, pageSize: 1 }, {})) {
      names.push(...page.TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName));
    }
    check(names.join() === 'js-job,js-stop', names);
  },
  async endpoint() {
    const ModelDataUrl = 's3://data/out/js-job/output/model.tar.gz';
    const names = { ModelName: 'js-model', EndpointConfigName: 'js-config', EndpointName: 'js-endpoint' };
    const variant = { VariantName: 'a', ModelName: 'js-model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 };
    await sagemaker.createModel({ ...names, PrimaryContainer: { Image, ModelDataUrl }, ExecutionRoleArn: RoleArn });
    await sagemaker.createEndpointConfig({ ...names, ProductionVariants: [variant] });
    await sagemaker.createEndpoint(names);
    await sdk.waitUntilEndpointInService(wait, names);
  },
  async invoke() {
    const answer = await runtime.invokeEndpoint({ EndpointName: 'js-endpoint', Body: '5', ContentType: 'text/csv' });
    check(textOf(answer.Body) === '15' && answer.InvokedProductionVariant === 'a', answer);
  },
  async stream() {
    const input = { EndpointName: 'js-endpoint', Body: '5\n6', ContentType: 'text/csv' };
    const { Body } = await runtime.invokeEndpointWithResponseStream(input);
    let text = '';
    for await (const { PayloadPart } of Body) text += textOf(PayloadPart.Bytes);
    check(text === '15\n16', text);
  },
  async errors() {
    const missing = await errorOf(() => sagemaker.describeTrainingJob({ TrainingJobName: 'none' }));
    check(missing.name === 'ValidationException' && missing.message === 'Requested resource not found.', missing);
    const twice = await errorOf(() => sagemaker.createTrainingJob(job('js-job')));
    check(twice instanceof sdk.ResourceInUse && /already exists/.test(twice.message), twice);
    const noEndpoint = await errorOf(() => runtime.invokeEndpoint({ EndpointName: 'none', Body: '5' }));
    check(noEndpoint.name === 'ValidationError' && /not found/.test(noEndpoint.message), noEndpoint);
  },
  async delete() {
    await sagemaker.deleteEndpoint({ EndpointName: 'js-endpoint' });
    await sdk.waitUntilEndpointDeleted(wait, { EndpointName: 'js-endpoint' });
    await sagemaker.deleteEndpointConfig({ EndpointConfigName: 'js-config' });
    await sagemaker.deleteModel({ ModelName: 'js-model' });
  },
};

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
process.chdir(import.meta.dirname);
const names = ['@aws-sdk/client-sagemaker', '@aws-sdk/client-sagemaker-runtime'];
console.log(JSON.stringify({ versions: Object.fromEntries(names.map((name) => [name, versionOf(name)])) }));
for (const [step, run] of Object.entries(STEPS)) {
  try {
    await run();
    console.log(JSON.stringify({ step, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ step, ok: false, detail: String(error) }));
  }
}
