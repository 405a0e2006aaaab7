/** All that is in a seller's account, as a value: two accounts that nobody can tell apart have equal ones. */
import { openContext, type PublishContext, type PublishRequest } from '../../src/publish/context.js';

export async function snapshotOf(request: PublishRequest) {
  const context = await openContext(request);
  return {
    roles: await roles(context),
    buckets: await buckets(context),
    repositories: await repositories(context),
    algorithms: await algorithms(context),
    ...(await leftovers(context)),
  };
}

// --- internal ---

/** IAM here has no list; these are the names that may be there. */
const ROLES = ['sum-validation', 'sum-marketplace-access', 'foreign'];
/** Of a validation's jobs. */
const TIME = /validation-sum-[a-z0-9-]+?-training/;

async function roles({ clients: { iam } }: PublishContext) {
  const found: Record<string, unknown> = {};
  for (const RoleName of ROLES) {
    const role = await iam.getRole({ RoleName }).catch(() => undefined);
    if (!role) continue;
    const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
    found[RoleName] = { tags: role.Role?.Tags, policies: PolicyNames };
  }
  return found;
}

async function buckets({ clients: { s3 } }: PublishContext) {
  const found: Record<string, unknown> = {};
  const { Buckets = [] } = await s3.listBuckets({});
  for (const { Name: Bucket = '' } of Buckets) {
    const tags = await s3.getBucketTagging({ Bucket }).catch(() => undefined);
    const objects: Record<string, unknown> = {};
    const { Contents = [] } = await s3.listObjectsV2({ Bucket });
    for (const { Key = '', Size } of Contents) {
      const { Metadata } = await s3.headObject({ Bucket, Key });
      objects[Key.replace(TIME, 'TRAINING')] = /\.tar\.gz$/.test(Key) ? 'an archive' : { Size, Metadata };
    }
    found[Bucket] = { tags: tags?.TagSet, objects };
  }
  return found;
}

async function repositories({ clients: { ecr } }: PublishContext) {
  const found: Record<string, unknown> = {};
  const { repositories: all = [] } = await ecr.describeRepositories({});
  for (const { repositoryName = '', repositoryArn: resourceArn, imageTagMutability } of all) {
    const { tags } = await ecr.listTagsForResource({ resourceArn });
    const { imageIds } = await ecr.listImages({ repositoryName });
    found[repositoryName] = { imageTagMutability, tags, imageIds };
  }
  return found;
}

async function algorithms({ clients: { sagemaker } }: PublishContext) {
  const found: Record<string, unknown> = {};
  const { AlgorithmSummaryList = [] } = await sagemaker.listAlgorithms({});
  for (const { AlgorithmName = '', AlgorithmArn, AlgorithmStatus } of AlgorithmSummaryList) {
    const { Tags } = await sagemaker.listTags({ ResourceArn: AlgorithmArn });
    found[AlgorithmName] = { AlgorithmStatus, Tags };
  }
  return found;
}

/** What a trial makes, but transform jobs, which cannot be removed. */
async function leftovers({ clients: { sagemaker } }: PublishContext) {
  const { Models = [] } = await sagemaker.listModels({});
  const { Endpoints = [] } = await sagemaker.listEndpoints({});
  const { EndpointConfigs = [] } = await sagemaker.listEndpointConfigs({});
  const { TrainingJobSummaries = [] } = await sagemaker.listTrainingJobs({ NameContains: 'trial' });
  return {
    models: Models.map(({ ModelName }) => ModelName),
    endpoints: Endpoints.map(({ EndpointName }) => EndpointName),
    endpointConfigs: EndpointConfigs.map(({ EndpointConfigName }) => EndpointConfigName),
    trialJobs: TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName),
  };
}
