/** AddDeliveryOptions, UpdateDeliveryOptions, RestrictDeliveryOptions: a version of a product has one delivery option. */
import { randomUUID } from 'node:crypto';
import { changeError } from './change-error.js';
import { type Catalog, timeText } from './entity.js';
import { dimensionsOf, type InstanceTypes, type ProductDetails, type Source, type Version } from './product-details.js';

interface OptionDetails {
  readonly SageMakerAlgorithmArn?: string;
  readonly SageMakerModelPackageArn?: string;
  readonly AccessRoleArn?: string;
  readonly RecommendedInstanceTypes?: InstanceTypes<string>;
  readonly UsageInstructions?: string;
  readonly [member: string]: unknown;
}

interface OptionUnion {
  readonly SageMakerAlgorithmDeliveryOptionDetails?: OptionDetails;
  readonly SageMakerModelPackageDeliveryOptionDetails?: OptionDetails;
}

export interface AddRequest {
  readonly Version: { readonly VersionTitle: string; readonly ReleaseNotes: string };
  readonly DeliveryOptions: readonly { readonly Details: OptionUnion }[];
}

export interface UpdateRequest {
  readonly Version?: { readonly ReleaseNotes?: string };
  readonly DeliveryOptions: readonly { readonly Id: string; readonly Details?: OptionUnion }[];
}

/** @throws ChangeError with the codes of "Add a new version" of AWS's API Reference */
export function addVersion(catalog: Catalog, product: ProductDetails, request: AddRequest): ProductDetails {
  const { VersionTitle, ReleaseNotes } = request.Version;
  if (product.Versions.some((version) => version.VersionTitle === VersionTitle)) {
    throw changeError('DUPLICATE_VERSION_TITLE', `VersionTitle must be new in the product; "${VersionTitle}" is not.`);
  }
  const { type, details } = readUnion(request.DeliveryOptions[0]!.Details);
  const source = sourceOf(type, details, product);
  const supported = supportedBy(catalog, type, source.AlgorithmArn ?? source.ModelPackageArn!);
  checkRecommended(details.RecommendedInstanceTypes ?? {}, supported);
  const version: Version = {
    ...{ Id: randomUUID(), VersionTitle, ReleaseNotes, CreationDate: timeText(Date.now() / 1000) },
    Sources: [source],
    DeliveryOptions: [
      {
        ...{ Id: randomUUID(), Type: type, SourceId: source.Id, Title: VersionTitle },
        Visibility: product.Description.Visibility === 'Public' ? 'Public' : 'Limited',
        Instructions: instructionsOf(details),
        RecommendedInstanceTypes: details.RecommendedInstanceTypes ?? {},
        SupportedInstanceTypes: supported,
      },
    ],
  };
  const versions = [...product.Versions, version];
  return { ...product, Versions: versions, Dimensions: dimensionsOf(versions) };
}

/** The ARN and the title of a version stay. */
export function updateVersion(
  product: ProductDetails,
  { Version: notes, DeliveryOptions }: UpdateRequest,
): ProductDetails {
  const [change] = DeliveryOptions;
  const found = findVersion(product, change!.Id);
  const [option] = found.DeliveryOptions;
  const { type, details } = change!.Details ? readUnion(change!.Details) : { type: option!.Type, details: {} };
  if (type !== option!.Type) {
    throw changeError('INCOMPATIBLE_DELIVERY_OPTIONS', `Delivery option ${option!.Id} must stay a ${option!.Type}.`);
  }
  const recommended = { ...option!.RecommendedInstanceTypes, ...details.RecommendedInstanceTypes };
  checkRecommended(recommended, option!.SupportedInstanceTypes);
  const updated: Version = {
    ...found,
    ReleaseNotes: notes?.ReleaseNotes ?? found.ReleaseNotes,
    DeliveryOptions: [
      {
        ...option!,
        Instructions: { ...option!.Instructions, ...instructionsOf(details) },
        RecommendedInstanceTypes: recommended,
      },
    ],
  };
  return { ...product, Versions: product.Versions.map((version) => (version === found ? updated : version)) };
}

/** One version at the least must stay unrestricted. */
export function restrictVersions(product: ProductDetails, ids: readonly string[]): ProductDetails {
  const restricted = new Set(ids.map((id) => findVersion(product, id)));
  const versions = product.Versions.map((version) =>
    restricted.has(version)
      ? {
          ...version,
          DeliveryOptions: version.DeliveryOptions.map((o) => ({ ...o, Visibility: 'Restricted' as const })),
        }
      : version,
  );
  if (versions.every(({ DeliveryOptions }) => DeliveryOptions.every(({ Visibility }) => Visibility === 'Restricted'))) {
    throw changeError('INVALID_DELIVERY_OPTIONS', 'One version of the product must stay; all would be restricted.');
  }
  return { ...product, Versions: versions };
}

/** Versions are seen by those who see the product, unless they are restricted. */
export function withPublicVersions(product: ProductDetails): ProductDetails {
  const Versions = product.Versions.map((version) => ({
    ...version,
    DeliveryOptions: version.DeliveryOptions.map((option) =>
      option.Visibility === 'Limited' ? { ...option, Visibility: 'Public' as const } : option,
    ),
  }));
  return { ...product, Versions };
}

// --- internal ---

function readUnion(union: OptionUnion): { readonly type: Source['Type']; readonly details: OptionDetails } {
  const algorithm = union.SageMakerAlgorithmDeliveryOptionDetails;
  const modelPackage = union.SageMakerModelPackageDeliveryOptionDetails;
  if (algorithm && !modelPackage) return { type: 'SageMakerAlgorithm', details: algorithm };
  if (modelPackage && !algorithm) return { type: 'SageMakerModelPackage', details: modelPackage };
  throw changeError('INVALID_DELIVERY_OPTIONS', 'Details must be of either an algorithm or a model package.');
}

function sourceOf(type: Source['Type'], details: OptionDetails, product: ProductDetails): Source {
  const kind = type === 'SageMakerAlgorithm' ? 'algorithm' : 'model-package';
  const arn = details.SageMakerAlgorithmArn ?? details.SageMakerModelPackageArn ?? '';
  if (!new RegExp(`^arn:aws:sagemaker:[a-z0-9-]{4,24}:\\d{12}:${kind}/\\S{1,2048}$`).test(arn)) {
    throw changeError('INVALID_ASSET_ARN', `The ARN must be that of a SageMaker ${kind}; received "${arn}".`);
  }
  const sources = product.Versions.flatMap(({ Sources }) => Sources);
  const other = sources.find((source) => source.Type !== type);
  if (other) throw changeError('INCOMPATIBLE_DELIVERY_OPTIONS', `All versions of the product must be a ${other.Type}.`);
  if (sources.some(({ AlgorithmArn, ModelPackageArn }) => (AlgorithmArn ?? ModelPackageArn) === arn)) {
    throw changeError('DUPLICATE_ASSET', `A version of the product has ${arn} already.`);
  }
  const named = type === 'SageMakerAlgorithm' ? { AlgorithmArn: arn } : { ModelPackageArn: arn };
  return { Type: type, Id: randomUUID(), ...named };
}

interface Asset {
  readonly CertifyForMarketplace?: boolean;
  readonly InferenceSpecification?: {
    readonly SupportedTransformInstanceTypes?: readonly string[];
    readonly SupportedRealtimeInferenceInstanceTypes?: readonly string[];
  };
  readonly TrainingSpecification?: { readonly SupportedTrainingInstanceTypes: readonly string[] };
}

/** Instance types of the algorithm or package, which must be fit for AWS Marketplace. */
function supportedBy({ store }: Catalog, type: Source['Type'], arn: string): InstanceTypes<readonly string[]> {
  const record = store.records.findByArn(arn);
  if (!record) throw changeError('ASSET_NOT_FOUND', `There is no ${arn}.`);
  const asset = record.body as Asset;
  if (record.status !== 'Completed') {
    throw changeError('ASSET_VALIDATION_EXCEPTION', `${arn} must be in status Completed; it is ${record.status}.`);
  }
  if (asset.CertifyForMarketplace !== true) {
    throw changeError('ASSET_VALIDATION_EXCEPTION', `${arn} must have been made with CertifyForMarketplace.`);
  }
  const { SupportedTransformInstanceTypes, SupportedRealtimeInferenceInstanceTypes } =
    asset.InferenceSpecification ?? {};
  return {
    ...(SupportedTransformInstanceTypes && { BatchTransform: SupportedTransformInstanceTypes }),
    ...(SupportedRealtimeInferenceInstanceTypes && { RealtimeInference: SupportedRealtimeInferenceInstanceTypes }),
    ...(type === 'SageMakerAlgorithm' && { Training: asset.TrainingSpecification!.SupportedTrainingInstanceTypes }),
  };
}

function checkRecommended(recommended: InstanceTypes<string>, supported: InstanceTypes<readonly string[]>): void {
  for (const [use, type] of Object.entries(recommended)) {
    const known = supported[use as keyof typeof supported] ?? [];
    if (known.includes(type)) continue;
    const message = `RecommendedInstanceTypes/${use} must be one of ${known.join(', ')}; received "${type}".`;
    throw changeError('INVALID_RECOMMENDED_INSTANCE_TYPE', message);
  }
}

function instructionsOf(details: OptionDetails): Readonly<Record<string, unknown>> {
  const { UsageInstructions, SampleNotebookUrl, RepositoryUrl, InputProperties, OutputProperties } = details;
  const found = { Usage: UsageInstructions, SampleNotebookUrl, RepositoryUrl, InputProperties, OutputProperties };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function findVersion(product: ProductDetails, id: string): Version {
  const found = product.Versions.find(({ DeliveryOptions }) => DeliveryOptions.some((option) => option.Id === id));
  if (found) return found;
  throw changeError('INVALID_DELIVERY_OPTIONS', `The product has no delivery option "${id}".`);
}
