/**
 * The two roles of a product, each as who may assume it and what it may do: one that SageMaker validates with, one that AWS
 * Marketplace reads the resource with. Nothing is allowed beyond what the documents name.
 */
import { repositoriesOf } from './seller.js';
import type { Document, Source } from './source.js';

export interface Role {
  readonly name: string;
  readonly trust: Document;
  readonly policy: Document;
}

export function rolesOf(source: Source): readonly Role[] {
  const { validationRole, accessRole } = source.seller;
  return [
    { name: nameOf(validationRole), trust: trusts('sagemaker.amazonaws.com'), policy: validationPolicy(source) },
    { name: nameOf(accessRole), trust: trusts('assets.marketplace.amazonaws.com'), policy: accessPolicy(source) },
  ];
}

// --- internal ---

function validationPolicy({ definition, seller }: Source): Document {
  const { account, region, bucket } = seller;
  return policy([
    allow(['s3:GetObject', 's3:PutObject'], [`arn:aws:s3:::${bucket}/${definition.Name}/*`]),
    allow(['s3:ListBucket', 's3:GetBucketLocation'], [`arn:aws:s3:::${bucket}`]),
    allow(['ecr:GetAuthorizationToken', 'cloudwatch:PutMetricData'], ['*']),
    allow(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      repositoriesOf(seller).map((name) => `arn:aws:ecr:${region}:${account}:repository/${name}`),
    ),
    allow(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      [`arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/*`],
    ),
  ]);
}

/** Every version of the product: a new one needs no new role. */
function accessPolicy({ definition, seller: { account, region, everyVersion } }: Source): Document {
  const resource = (kind: string) => `arn:aws:sagemaker:${region}:${account}:${kind}/${everyVersion}`;
  const modelPackage = allow(['sagemaker:DescribeModelPackage'], [resource('model-package')]);
  if (!definition.TrainingSpecification) return policy([modelPackage]);
  return policy([allow(['sagemaker:DescribeAlgorithm'], [resource('algorithm')]), modelPackage]);
}

function policy(statements: readonly Document[]): Document {
  return { Version: '2012-10-17', Statement: statements };
}

function allow(actions: readonly string[], resources: readonly string[]): Document {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

function trusts(service: string): Document {
  return policy([{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }]);
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
