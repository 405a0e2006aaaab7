/**
 * Products of AWS Marketplace as their buyers see them: algorithms and model packages of AWS Marketplace's own account, whose
 * images no buyer can pull. Here a product is an algorithm or package of this server that was made with CertifyForMarketplace:
 * `arn:aws:sagemaker:us-east-1:865070037744:algorithm/NAME` is the algorithm NAME, subscribed to.
 */
import { type Account, sageMakerArn } from '../../account.js';
import type { StoredRecord } from '../../store/record.js';
import type { InferenceSpecification } from '../definitions/inference.js';
import { type SageMaker, validationError } from '../resources/context.js';

/** By region, as in the ARNs of public products. */
const MARKETPLACE_ACCOUNTS: Readonly<Record<string, string>> = {
  'ap-northeast-1': '977537786026',
  'ap-northeast-2': '745090734665',
  'ap-south-1': '077584701553',
  'ap-southeast-1': '192199979996',
  'ap-southeast-2': '666831318237',
  'ca-central-1': '470592106596',
  'eu-central-1': '446921602837',
  'eu-north-1': '136758871317',
  'eu-west-1': '985815980388',
  'eu-west-2': '856760150666',
  'eu-west-3': '843114510376',
  'sa-east-1': '270155090741',
  'us-east-1': '865070037744',
  'us-east-2': '057799348421',
  'us-west-1': '382657785993',
  'us-west-2': '594846645681',
};
const ACCOUNTS = new Set(Object.values(MARKETPLACE_ACCOUNTS));

/** What a listing may make of it. */
interface Product {
  readonly CertifyForMarketplace?: boolean;
}

/** Whether an ARN is that of a product. */
export function isProductArn(arnOrName: string): boolean {
  return ACCOUNTS.has(arnOrName.split(':')[4] ?? '');
}

export function isProductImage(image: string | undefined): boolean {
  return ACCOUNTS.has(/^(\d{12})\.dkr[.-]ecr\./.exec(image ?? '')?.[1] ?? '');
}

/**
 * The record behind a product's ARN.
 * @throws ServiceError ValidationException, in the service's words
 */
export function findProduct<Body extends Product>(
  { store, account }: SageMaker,
  kind: string,
  arn: string,
): StoredRecord<Body> {
  const [, , , region, owner, path = ''] = arn.split(':');
  if (region !== account.region) throw validationError(`ARN should be scoped to correct region: ${account.region}`);
  const record = store.records.findByArn(sageMakerArn(account, kind, path.slice(kind.length + 1)));
  const isSubscribed = owner === MARKETPLACE_ACCOUNTS[region] && path.startsWith(`${kind}/`);
  const body = record?.kind === kind ? (record.body as Body) : undefined;
  if (record && body?.CertifyForMarketplace && isSubscribed) return { ...record, arn, body };
  throw validationError('Caller is not subscribed to the marketplace offering.');
}

/** An image as buyers see it: in a registry of AWS Marketplace's account. */
export function productImage({ region }: Account, image: string): string {
  const [first = '', ...path] = image.split('/');
  const registry = `${MARKETPLACE_ACCOUNTS[region]}.dkr.ecr.${region}.amazonaws.com`;
  return [registry, ...(path.length === 0 ? [first] : path)].join('/');
}

export function productInference(account: Account, specification: InferenceSpecification): InferenceSpecification {
  return {
    ...specification,
    Containers: specification.Containers.map((container) => ({
      ...container,
      ...(container.Image !== undefined && { Image: productImage(account, container.Image) }),
    })),
  };
}

/** @throws ServiceError ValidationException for an image that only a product may name */
export function refuseProductImage(image: string | undefined, role: string | undefined): void {
  if (image === undefined || !isProductImage(image)) return;
  const [registry = '', ...path] = image.split('/');
  const repository = path.join('/').replace(/[:@].*$/, '');
  throw validationError(
    `Access denied for repository: ${repository} in registry ID: ${registry.slice(0, 12)}. Please check if your ECR repository and image exist and role ${role} has proper pull permissions for SageMaker: ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer. It is the image of a product: use its algorithm or make a model package.`,
  );
}
