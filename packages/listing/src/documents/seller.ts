/** Where a seller keeps a product: account, Region, bucket and repository, and the names that follow from them. */
import { type AlgorithmDescription, ArgumentError } from '@algo/local';

/** Of `algo up`, and the default; no account of AWS has it. */
export const LOCAL_ACCOUNT = '000000000000';

export interface SellerOptions {
  /** 12 digits. Default: that of `algo up`. */
  readonly account?: string | undefined;
  /** Default: us-east-1. */
  readonly region?: string | undefined;
  /** Default: sagemaker-REGION-ACCOUNT, as SageMaker's own SDK names it. */
  readonly bucket?: string | undefined;
  /** ECR repository. Default: the algorithm's name. */
  readonly repository?: string | undefined;
  /** ECR repository of an image that trains, where the other one only serves. Default: one image for both. */
  readonly trainingRepository?: string | undefined;
}

export interface Seller {
  readonly account: string;
  readonly region: string;
  /** That serves, in ECR of the same account and Region; its tag is the version. */
  readonly image: string;
  /** That trains, where it is another one. */
  readonly trainingImage: string | undefined;
  /** Name of the algorithm or model package: a version is a resource of its own. */
  readonly resource: string;
  /** Of that resource. */
  readonly arn: string;
  /** Pattern of the names of all versions, as policies write it. */
  readonly everyVersion: string;
  /** `s3://BUCKET/NAME/VERSION`, without a slash at the end. */
  readonly storage: string;
  readonly bucket: string;
  /** Where the files of `listing/` must be publicly readable for a change set: logo and agreement. No slash at its end. */
  readonly publicFiles: string;
  /** What SageMaker assumes to run the validation. */
  readonly validationRole: string;
  /** What AWS Marketplace assumes to read the resource. */
  readonly accessRole: string;
}

/** @throws ArgumentError for an account, Region, bucket, repository or version that AWS would refuse */
export function sellerOf(definition: AlgorithmDescription, options: SellerOptions = {}): Seller {
  const { Name, Version, TrainingSpecification } = definition;
  const { account = LOCAL_ACCOUNT, region = 'us-east-1', repository = Name, trainingRepository } = options;
  const bucket = options.bucket ?? `sagemaker-${region}-${account}`;
  check('--account', account, /^\d{12}$/, '12 digits');
  check('--region', region, /^(?!cn-)[a-z]{2}(-[a-z]+)+-\d$/, 'a Region of AWS Marketplace such as us-east-1');
  check(
    '--bucket',
    bucket,
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    '3 to 63 lower-case letters, digits, dots or hyphens',
  );
  check('--repository', repository, REPOSITORY, REPOSITORY_RULE);
  if (trainingRepository !== undefined) checkTrainingRepository(definition, repository, trainingRepository);
  check('The version', Version, /^\w[\w.-]{0,127}$/, 'a tag: up to 128 letters, digits and any of . _ -');
  const suffix = Version.replaceAll(/[^A-Za-z0-9]+/g, '-');
  const resource = named(Name, suffix, RESOURCE_CHARACTERS);
  check('The name of the resource', resource, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'up to 63 letters, digits and -');
  const role = (suffix: string) => `arn:aws:iam::${account}:role/${named(Name, suffix, ROLE_CHARACTERS)}`;
  const image = (repository: string) => `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:${Version}`;
  return {
    ...{ account, region, bucket, resource },
    arn: `arn:aws:sagemaker:${region}:${account}:${TrainingSpecification ? 'algorithm' : 'model-package'}/${resource}`,
    everyVersion: `${resource.slice(0, -suffix.length)}*`,
    image: image(repository),
    trainingImage: trainingRepository === undefined ? undefined : image(trainingRepository),
    storage: `s3://${bucket}/${Name}/${Version}`,
    publicFiles: `https://${bucket}.s3.${region}.amazonaws.com/${Name}/${Version}/listing`,
    validationRole: role('validation'),
    accessRole: role('marketplace-access'),
  };
}

/** Names of the ECR repositories of the image that serves, and of that which trains where it is another one. */
export function repositoriesOf({ image, trainingImage }: Seller): readonly [string, string?] {
  return trainingImage === undefined ? [repositoryOf(image)] : [repositoryOf(image), repositoryOf(trainingImage)];
}

/** A name with a suffix, cut in front of it where both would be too long. */
export function named(name: string, suffix: string, max: number): string {
  return `${name.slice(0, max - suffix.length - 1).replace(/-+$/, '')}-${suffix}`;
}

/** Of an algorithm or a model package. */
export const RESOURCE_CHARACTERS = 63;

// --- internal ---

/** IAM's limit. */
const ROLE_CHARACTERS = 64;

const REPOSITORY = /^[a-z0-9]+([._/-][a-z0-9]+)*$/;
const REPOSITORY_RULE = 'lower-case letters, digits and any of . _ / -';

function repositoryOf(image: string): string {
  return image.slice(image.indexOf('/') + 1, image.lastIndexOf(':'));
}

/** Both images have the version as their tag, so they need a repository each. */
function checkTrainingRepository({ TrainingSpecification }: AlgorithmDescription, other: string, name: string): void {
  const option = '--training-repository';
  check(option, name, REPOSITORY, REPOSITORY_RULE);
  if (!TrainingSpecification)
    throw new ArgumentError(`${option} is for a product that is trained; received "${name}".`);
  if (name === other) throw new ArgumentError(`${option} must be another than --repository; received "${name}".`);
}

function check(what: string, value: string, pattern: RegExp, rule: string): void {
  if (!pattern.test(value)) throw new ArgumentError(`${what} must be ${rule}; received "${value}".`);
}
