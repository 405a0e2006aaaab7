/**
 * The resources of a product as AWS CloudFormation's templates, of the same requests: one of the storage, which is filled before the
 * other, of roles and resource, is deployed. CloudFormation knows less than SageMaker: its AWS::SageMaker::Algorithm has no
 * ValidationSpecification, and its transforms no TransformAmiVersion, so what needs one is made without validation: for one's own
 * account, not for AWS Marketplace. Source: the resource specification in aws-cdk-lib 2.276.0.
 */
import { transformAmiVersion } from '../product/gpu-hosts.js';
import { createAlgorithm } from './create-algorithm.js';
import { createModelPackage } from './create-model-package.js';
import { rolesOf } from './roles.js';
import { repositoriesOf } from './seller.js';
import type { Document, Source } from './source.js';

/** Bucket and repository, two where another image trains; they stay when the stack is deleted. */
export function storageTemplate({ seller, definition }: Source): Document {
  const [repository, trainingRepository] = repositoriesOf(seller);
  return template(`Storage of ${definition.Name}: images, sample data and models`, {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      ...STAYS,
      Properties: { BucketName: seller.bucket },
    },
    Repository: repositoryResource(repository),
    ...(trainingRepository !== undefined && { TrainingRepository: repositoryResource(trainingRepository) }),
  });
}

/** Roles, and the algorithm or the model package; of an algorithm, a package of a model in S3 too, where it is asked for. */
export function productTemplate(source: Source): Document {
  const { definition, profile } = source;
  const artifacts = definition.TrainingSpecification || profile.model !== undefined ? 's3' : 'image';
  const packaged = modelPackage(createModelPackage(source, artifacts), isValidated(source));
  const description = `${source.seller.resource} on Amazon SageMaker`;
  if (!definition.TrainingSpecification) return template(description, { ...roles(source), ModelPackage: packaged });
  return {
    ...template(description, {
      ...roles(source),
      Algorithm: { Type: 'AWS::SageMaker::Algorithm', Properties: withoutValidation(createAlgorithm(source)) },
      ModelPackage: { ...packaged, Condition: WITH_MODEL_PACKAGE },
    }),
    Parameters: {
      [WITH_MODEL_PACKAGE]: {
        Type: 'String',
        ...{ Default: 'false', AllowedValues: ['false', 'true'] },
        Description: 'Whether model.tar.gz is uploaded, and a model package is made of it',
      },
    },
    Conditions: { [WITH_MODEL_PACKAGE]: { 'Fn::Equals': [{ Ref: WITH_MODEL_PACKAGE }, 'true'] } },
  };
}

// --- internal ---

const WITH_MODEL_PACKAGE = 'WithModelPackage';
/** What buyers were given, or what was published, is not deleted with a stack. */
const STAYS = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

function template(description: string, resources: Document): Document {
  return { AWSTemplateFormatVersion: '2010-09-09', Description: description, Resources: resources };
}

function repositoryResource(name: string): Document {
  return {
    Type: 'AWS::ECR::Repository',
    ...STAYS,
    Properties: {
      RepositoryName: name,
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
    },
  };
}

function roles(source: Source): Document {
  const [validation, access] = rolesOf(source).map(({ name, trust, policy }) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: trust,
      Policies: [{ PolicyName: name, PolicyDocument: policy }],
    },
  }));
  return { ValidationRole: validation, AccessRole: access };
}

/** Whether CloudFormation can ask for the hosts that the validation of a package needs. */
function isValidated({ product }: Source): boolean {
  return transformAmiVersion(product.recommended.batch, product) === undefined;
}

/** With its validation, the role's ARN is a reference, so that the role is made first. */
function modelPackage(request: Document, isValidated: boolean): Document {
  const Type = 'AWS::SageMaker::ModelPackage';
  if (!isValidated) return { Type, Properties: withoutValidation(request) };
  const ValidationSpecification = {
    ...(request.ValidationSpecification as Document),
    ValidationRole: { 'Fn::GetAtt': ['ValidationRole', 'Arn'] },
  };
  return { Type, Properties: { ...request, ValidationSpecification } };
}

/** For one's own account: AWS Marketplace takes only what was validated. */
function withoutValidation({ ValidationSpecification: _, CertifyForMarketplace: __, ...request }: Document): Document {
  return request;
}
