/** Algorithms and model packages as one: what publishing asks of either, in the words of both. */
import {
  type CreateAlgorithmInput,
  type CreateModelPackageInput,
  paginateListAlgorithms,
  paginateListModelPackages,
  type TrainingJobDefinition,
  type TransformJobDefinition,
} from '@aws-sdk/client-sagemaker';
import type { Document } from '../documents/source.js';
import { unlessMissing } from './aws-error.js';
import type { PublishContext } from './context.js';
import type { Tag } from './mark.js';

export interface Described {
  readonly name: string;
  readonly arn: string;
  /** Pending, InProgress, Completed, Failed, Deleting. */
  readonly status: string;
  readonly created: Date;
  /** Of the product on AWS Marketplace that it is a version of. */
  readonly productId?: string | undefined;
  /** Made to be listed there. */
  readonly isCertified: boolean;
  /** Of the validation and of the scan of each image. */
  readonly parts: readonly Part[];
  /** Addresses of what AWS's validation reads and writes. */
  readonly validation: ValidationAddresses;
}

interface ValidationAddresses {
  readonly trainingOutput?: string | undefined;
  readonly transformInput?: string | undefined;
  readonly transformOutput?: string | undefined;
}

interface Part {
  readonly name: string;
  readonly status: string;
  readonly reason: string | undefined;
}

export interface ResourceKind {
  readonly noun: 'algorithm' | 'model package';
  /** Of the names in requests. */
  readonly nameMember: 'AlgorithmName' | 'ModelPackageName';
  /** Its page in the console, before the name. */
  readonly page: string;
  names(part: string): Promise<readonly string[]>;
  /** Undefined where there is none. */
  describe(name: string): Promise<Described | undefined>;
  create(document: Document, tags: Tag[]): Promise<void>;
  delete(name: string): Promise<void>;
}

export function resourceKind({ clients, material }: Pick<PublishContext, 'clients' | 'material'>): ResourceKind {
  const { sagemaker } = clients;
  return material.definition.TrainingSpecification ? algorithms(sagemaker) : modelPackages(sagemaker);
}

// --- internal ---

type SageMaker = PublishContext['clients']['sagemaker'];

interface StatusItem {
  readonly Name: string | undefined;
  readonly Status: string | undefined;
  readonly FailureReason?: string | undefined;
}

interface StatusDetails {
  readonly ValidationStatuses?: StatusItem[] | undefined;
  readonly ImageScanStatuses?: StatusItem[] | undefined;
}

function algorithms(client: SageMaker): ResourceKind {
  return {
    ...{ noun: 'algorithm', nameMember: 'AlgorithmName', page: 'sagemaker/home#/algorithms' },
    async names(NameContains) {
      const names: string[] = [];
      for await (const { AlgorithmSummaryList = [] } of paginateListAlgorithms({ client }, { NameContains })) {
        for (const { AlgorithmName = '' } of AlgorithmSummaryList) names.push(AlgorithmName);
      }
      return names;
    },
    async describe(name) {
      const found = await unlessMissing(client.describeAlgorithm({ AlgorithmName: name }));
      if (!found) return undefined;
      const { AlgorithmArn: arn = '', AlgorithmStatus: status = '', CreationTime: created = new Date(0) } = found;
      const profile = found.ValidationSpecification?.ValidationProfiles?.[0];
      return {
        ...{ name, arn, status, created, productId: found.ProductId },
        isCertified: found.CertifyForMarketplace ?? false,
        parts: partsOf(found.AlgorithmStatusDetails),
        validation: addressesOf(profile?.TransformJobDefinition, profile?.TrainingJobDefinition),
      };
    },
    async create(document, Tags) {
      await client.createAlgorithm({ ...(document as unknown as CreateAlgorithmInput), Tags });
    },
    async delete(AlgorithmName) {
      await client.deleteAlgorithm({ AlgorithmName });
    },
  };
}

function modelPackages(client: SageMaker): ResourceKind {
  return {
    ...{ noun: 'model package', nameMember: 'ModelPackageName', page: 'sagemaker/home#/model-packages/my-resources' },
    async names(NameContains) {
      const names: string[] = [];
      for await (const { ModelPackageSummaryList = [] } of paginateListModelPackages({ client }, { NameContains })) {
        for (const { ModelPackageName } of ModelPackageSummaryList) if (ModelPackageName) names.push(ModelPackageName);
      }
      return names;
    },
    async describe(name) {
      const found = await unlessMissing(client.describeModelPackage({ ModelPackageName: name }));
      if (!found) return undefined;
      const { ModelPackageArn: arn = '', ModelPackageStatus: status = '', CreationTime: created = new Date(0) } = found;
      return {
        ...{ name, arn, status, created },
        isCertified: found.CertifyForMarketplace ?? false,
        parts: partsOf(found.ModelPackageStatusDetails),
        validation: addressesOf(found.ValidationSpecification?.ValidationProfiles?.[0]?.TransformJobDefinition),
      };
    },
    async create(document, Tags) {
      await client.createModelPackage({ ...(document as unknown as CreateModelPackageInput), Tags });
    },
    async delete(ModelPackageName) {
      await client.deleteModelPackage({ ModelPackageName });
    },
  };
}

function addressesOf(
  transform: TransformJobDefinition | undefined,
  training?: TrainingJobDefinition,
): ValidationAddresses {
  return {
    trainingOutput: training?.OutputDataConfig?.S3OutputPath,
    transformInput: transform?.TransformInput?.DataSource?.S3DataSource?.S3Uri,
    transformOutput: transform?.TransformOutput?.S3OutputPath,
  };
}

function partsOf({ ValidationStatuses = [], ImageScanStatuses = [] }: StatusDetails = {}): readonly Part[] {
  const part =
    (kind: string) =>
    ({ Name = '', Status = '', FailureReason: reason }: StatusItem): Part => ({
      name: `${kind} ${Name}`,
      status: Status,
      reason,
    });
  return [...ValidationStatuses.map(part('validation')), ...ImageScanStatuses.map(part('scan'))];
}
