/** What each change of a product does to its details. */
import { ChangeError, changeError, type ErrorDetail } from './change-error.js';
import { type Catalog, newId } from './entity.js';
import type { ProductDetails, Visibility } from './product-details.js';
import {
  type AddRequest,
  addVersion,
  restrictVersions,
  type UpdateRequest,
  updateVersion,
  withPublicVersions,
} from './versions.js';

interface Information {
  readonly LogoUrl?: string;
  readonly VideoUrls?: readonly string[];
  readonly AdditionalResources?: readonly { readonly Text: string; readonly Url: string }[];
  readonly SupportDescription?: string;
  readonly [member: string]: unknown;
}

type Change = (product: ProductDetails, request: never, catalog: Catalog) => ProductDetails;

export function newProduct(request: { readonly ProductTitle?: string }): ProductDetails {
  return {
    Description: { ...request, ProductCode: newId('', 25), Visibility: 'Draft', ProductState: 'Draft' },
    Versions: [],
    Dimensions: [],
    RegionAvailability: { Regions: [], FutureRegionSupport: 'All' },
  };
}

/** By change type. Each throws a ChangeError when it cannot be. */
export const PRODUCT_CHANGES: Readonly<Record<string, Change>> = {
  UpdateInformation(product, { LogoUrl, VideoUrls, AdditionalResources, SupportDescription, ...text }: Information) {
    const resources = {
      ...product.PromotionalResources,
      ...(LogoUrl !== undefined && { LogoUrl }),
      ...(VideoUrls && { Videos: VideoUrls.map((Url) => ({ Type: 'Link', Title: 'Product Video', Url })) }),
      ...(AdditionalResources && {
        AdditionalResources: AdditionalResources.map((item) => ({ Type: 'Link', ...item })),
      }),
    };
    const updated: ProductDetails = {
      ...product,
      Description: { ...product.Description, ...text },
      PromotionalResources: resources,
      ...(SupportDescription !== undefined && { SupportInformation: { Description: SupportDescription } }),
    };
    // The first time a draft's information is written, all of it must come.
    const missing = product.Description.ShortDescription === undefined ? missingInformation(updated) : [];
    if (missing.length === 0) return updated;
    throw changeError(
      'INVALID_INPUT',
      `The first UpdateInformation of a product must also have ${missing.join(', ')}.`,
    );
  },
  AddDeliveryOptions: (product, request: AddRequest, catalog) => addVersion(catalog, product, request),
  UpdateDeliveryOptions: (product, request: UpdateRequest) => updateVersion(product, request),
  RestrictDeliveryOptions: (product, request: { readonly DeliveryOptionIds: readonly string[] }) =>
    restrictVersions(product, request.DeliveryOptionIds),
  UpdateTargeting: (product, request: NonNullable<ProductDetails['Targeting']>) => ({ ...product, Targeting: request }),
  UpdateVisibility(
    product,
    request: { readonly TargetVisibility: Visibility; readonly ReplacementProductId?: string },
  ) {
    const { TargetVisibility: Visibility, ...more } = request;
    const { Visibility: from } = product.Description;
    if (from === 'Draft') throw changeError('INVALID_INPUT', 'The product must be released by ReleaseProduct first.');
    if (from === 'Restricted' || from === Visibility) {
      throw changeError('INVALID_INPUT', `The product's visibility cannot go from ${from} to ${Visibility}.`);
    }
    const ProductState = Visibility === 'Restricted' ? 'Inactive' : 'Active';
    const Description: ProductDetails['Description'] = { ...product.Description, ...more, Visibility, ProductState };
    return { ...(Visibility === 'Public' ? withPublicVersions(product) : product), Description };
  },
  ReleaseProduct(product) {
    if (product.Description.Visibility !== 'Draft') {
      throw changeError('INVALID_INPUT', `The product must be a draft; it is ${product.Description.Visibility}.`);
    }
    const missing = missingForRelease(product);
    if (missing.length > 0) throw new ChangeError(missing);
    return { ...product, Description: { ...product.Description, Visibility: 'Limited', ProductState: 'Active' } };
  },
};

// --- internal ---

function missingInformation({ Description, PromotionalResources = {}, SupportInformation }: ProductDetails): string[] {
  const needed = {
    ...{ ProductTitle: Description.ProductTitle, ShortDescription: Description.ShortDescription },
    ...{ LongDescription: Description.LongDescription, LogoUrl: PromotionalResources.LogoUrl },
    ...{ Highlights: Description.Highlights, AdditionalResources: PromotionalResources.AdditionalResources },
    ...{ SupportDescription: SupportInformation?.Description, Categories: Description.Categories },
    SearchKeywords: Description.SearchKeywords,
  };
  return Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
}

function missingForRelease(product: ProductDetails): readonly ErrorDetail[] {
  const { Description, Versions, Dimensions, PromotionalResources, SupportInformation } = product;
  const parts = [
    ['MISSING_DESCRIPTION', 'a description', Description.ShortDescription !== undefined],
    ['MISSING_VERSIONS', 'a version', Versions.length > 0],
    ['MISSING_DIMENSIONS', 'dimensions', Dimensions.length > 0],
    ['MISSING_PROMOTIONAL_RESOURCES', 'promotional resources', PromotionalResources?.LogoUrl !== undefined],
    ['MISSING_SUPPORT_INFORMATION', 'support information', SupportInformation !== undefined],
  ] as const;
  return parts.flatMap(([ErrorCode, what, isThere]) =>
    isThere ? [] : [{ ErrorCode, ErrorMessage: `The product must have ${what} to be released.` }],
  );
}
