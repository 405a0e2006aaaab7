/**
 * `cdk.ts`: the stacks of a product for an application of AWS CDK in TypeScript. They take CloudFormation's templates next to the
 * file, so that nothing is written twice, and give each resource as CDK's own construct.
 */
import { PRODUCT_TEMPLATE_FILE, STORAGE_TEMPLATE_FILE } from './files.js';
import type { Source } from './source.js';

export function cdkStacks({ definition, seller }: Source): string {
  const name = pascalCase(definition.Name);
  const hasTwoImages = seller.trainingImage !== undefined;
  const isAlgorithm = definition.TrainingSpecification !== undefined;
  const [field, type, id] = isAlgorithm
    ? ['algorithm', 'CfnAlgorithm', 'Algorithm']
    : ['modelPackage', 'CfnModelPackage', 'ModelPackage'];
  return `/**
 * The stacks of ${seller.resource}, from the templates next to this file. Deploy the storage, run create.sh with image and samples,
 * then deploy the product. Needs the packages aws-cdk-lib and constructs.
 */
import { join } from 'node:path';
import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ${type} } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';

/** Bucket and ${hasTwoImages ? 'repositories; they' : 'repository; both'} stay when the stack is deleted. */
export class ${name}StorageStack extends Stack {
  readonly bucket: CfnBucket;
  readonly repository: CfnRepository;${hasTwoImages ? TRAINING_FIELD : ''}

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const template = new CfnInclude(this, 'Storage', { templateFile: fileOf('${STORAGE_TEMPLATE_FILE}') });
    this.bucket = template.getResource('Bucket') as CfnBucket;
    this.repository = template.getResource('Repository') as CfnRepository;${hasTwoImages ? TRAINING_VALUE : ''}
  }
}

/** Roles and ${isAlgorithm ? 'algorithm' : 'model package'}. */
export class ${name}Stack extends Stack {
  readonly validationRole: CfnRole;
  /** What AWS Marketplace reads the resource with. */
  readonly accessRole: CfnRole;
  readonly ${field}: ${type};

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const template = new CfnInclude(this, 'Product', { templateFile: fileOf('${PRODUCT_TEMPLATE_FILE}') });
    this.validationRole = template.getResource('ValidationRole') as CfnRole;
    this.accessRole = template.getResource('AccessRole') as CfnRole;
    this.${field} = template.getResource('${id}') as ${type};
  }
}

function fileOf(name: string): string {
  return join(import.meta.dirname, name);
}
`;
}

// --- internal ---

const TRAINING_FIELD = `
  /** Of the image that trains. */
  readonly trainingRepository: CfnRepository;`;
const TRAINING_VALUE = `
    this.trainingRepository = template.getResource('TrainingRepository') as CfnRepository;`;

/** Of a name with hyphens; a class cannot begin with a digit. */
function pascalCase(name: string): string {
  const joined = name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return /^\d/.test(joined) ? `Product${joined}` : joined;
}
