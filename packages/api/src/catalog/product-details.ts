/** What is kept of a product, as DescribeEntity answers it. */

export interface ProductDetails {
  readonly Description: {
    readonly ProductTitle?: string;
    readonly ProductCode: string;
    readonly ShortDescription?: string;
    readonly LongDescription?: string;
    readonly Sku?: string;
    readonly Highlights?: readonly string[];
    readonly SearchKeywords?: readonly string[];
    readonly Categories?: readonly string[];
    readonly Visibility: Visibility;
    readonly ProductState: 'Draft' | 'Active' | 'Inactive';
    readonly ReplacementProductId?: string;
  };
  readonly PromotionalResources?: {
    readonly LogoUrl?: string;
    readonly Videos?: readonly object[];
    readonly AdditionalResources?: readonly object[];
  };
  readonly SupportInformation?: { readonly Description: string };
  readonly Versions: readonly Version[];
  readonly Dimensions: readonly Dimension[];
  readonly Targeting?: { readonly PositiveTargeting: { readonly BuyerAccounts: readonly string[] } };
  readonly RegionAvailability: { readonly Regions: readonly string[]; readonly FutureRegionSupport: string };
}

export type Visibility = 'Draft' | 'Limited' | 'Public' | 'Restricted';

export interface Version {
  readonly Id: string;
  readonly VersionTitle: string;
  readonly ReleaseNotes: string;
  readonly CreationDate: string;
  readonly Sources: readonly Source[];
  readonly DeliveryOptions: readonly DeliveryOption[];
}

export interface Source {
  readonly Type: 'SageMakerAlgorithm' | 'SageMakerModelPackage';
  readonly Id: string;
  readonly AlgorithmArn?: string;
  readonly ModelPackageArn?: string;
}

export interface InstanceTypes<T> {
  readonly BatchTransform?: T;
  readonly RealtimeInference?: T;
  readonly Training?: T;
}

export interface DeliveryOption {
  readonly Id: string;
  readonly Type: Source['Type'];
  readonly SourceId: string;
  readonly Title: string;
  readonly Visibility: 'Public' | 'Limited' | 'Restricted';
  readonly Instructions: Readonly<Record<string, unknown>>;
  readonly RecommendedInstanceTypes: InstanceTypes<string>;
  readonly SupportedInstanceTypes: InstanceTypes<readonly string[]>;
}

export interface Dimension {
  readonly Key: string;
  readonly Name: string;
  readonly Description: string;
  readonly Unit: 'Hours';
  readonly Types: readonly string[];
}

/** Endings of dimensions' keys: real-time, batch and training hours. */
const ENDINGS = { RealtimeInference: 'm.i.r', BatchTransform: 'm.i.b', Training: 'a.t' } as const;

/** A dimension for each use of each instance type that a version supports; nobody writes them. */
export function dimensionsOf(versions: readonly Version[]): readonly Dimension[] {
  const found = new Map<string, Dimension>();
  for (const { SupportedInstanceTypes } of versions.flatMap(({ DeliveryOptions }) => DeliveryOptions)) {
    for (const [use, ending] of Object.entries(ENDINGS)) {
      for (const type of SupportedInstanceTypes[use as keyof typeof ENDINGS] ?? []) {
        const Key = `${type}.${ending}`;
        found.set(Key, { Key, Name: type, Description: `${use} on ${type}`, Unit: 'Hours', Types: ['Metered'] });
      }
    }
  }
  return [...found.values()];
}
