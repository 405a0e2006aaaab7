/**
 * Why the catalog refuses changes, for a person: each error with its code, the place of the text it is about, and for what is
 * known, what to do. Sources: AWS Marketplace API Reference, "Work with seller products", "Add a new version" and "Update pricing
 * terms" of ML products.
 */
import type { ProductFile } from '../../product/product-file.js';
import { fieldName } from '../../product/product-file.js';

export interface Refusal {
  /** AddDeliveryOptions */
  readonly change: string;
  readonly code: string;
  readonly message: string;
  /** In the change's document, such as `Highlights/0`; undefined where only the message may name it. */
  readonly field: string | undefined;
}

/** @param productFile for the lines of its fields */
export function refusalText({ change, code, message, field }: Refusal, productFile: ProductFile): string {
  const place = placeOf(`${field ?? ''} ${message}`, code, productFile);
  const advice = ADVICE[code];
  const lines = [
    `  ${change}${place === undefined ? '' : `, ${place}`}: ${code}: ${message}`,
    ...(advice ? [`    ${advice}`] : []),
  ];
  return lines.join('\n');
}

// --- internal ---

/** Members of changes, with the field of product.yaml or the file that they come from. */
const FIELDS: Readonly<Record<string, readonly PropertyKey[] | string>> = {
  ...{ ProductTitle: ['title'], Sku: ['sku'], ShortDescription: ['shortDescription'], LogoUrl: ['logo'] },
  ...{ LongDescription: 'description.md', Highlights: ['highlights'], AdditionalResources: ['links', 'resources'] },
  ...{ SupportDescription: ['support'], Categories: ['categories'], SearchKeywords: ['keywords'] },
  ...{ VersionTitle: 'the version of the definition', ReleaseNotes: ['releaseNotes'], UsageInstructions: 'usage.md' },
  ...{ SampleNotebookUrl: ['links', 'notebook'], RepositoryUrl: ['links', 'repository'] },
  ...{ InputProperties: ['input'], OutputProperties: ['output'], RecommendedInstanceTypes: ['recommended'] },
  ...{ BuyerAccounts: ['testAccounts'], RateCard: ['instances'], Duration: ['pricing', 'freeTrialDays'] },
  ...{ RefundPolicy: ['refunds'], Documents: ['eula'] },
};

/** Where an error names no member. */
const CODE_FIELDS: Readonly<Record<string, string>> = {
  DUPLICATE_VERSION_TITLE: 'VersionTitle',
  INVALID_RECOMMENDED_INSTANCE_TYPE: 'RecommendedInstanceTypes',
  INVALID_RATE_CARD: 'RateCard',
  UPDATE_PRICING_REQUIRED: 'RateCard',
};

const ADVICE: Readonly<Record<string, string>> = {
  DUPLICATE_VERSION_TITLE: 'A version of a product stays as it is: raise the version.',
  DUPLICATE_ASSET: 'Another version of a product has this resource: raise the version.',
  ASSET_NOT_FOUND: 'The access role may not read it, or it is of another Region or account.',
  ASSET_VALIDATION_EXCEPTION:
    'AWS Marketplace takes resources that were made for it and are Completed: run algo publish first.',
  INVALID_ACCESS_ROLE: 'It is the role of the step "access role"; a new role may take a minute to be known.',
  INCOMPATIBLE_DELIVERY_OPTIONS:
    'A product is an algorithm or a model package for good: the other one is a product of its own.',
  UPDATE_PRICING_REQUIRED: 'Every instance type of every version needs a price.',
  INVALID_RATE_CARD: 'Every instance type of every version needs a price.',
  AUDIT_ERROR: 'People of AWS Marketplace looked at the product. Change what they name, and repeat the command.',
};

function placeOf(text: string, code: string, { file, lineOf }: ProductFile): string | undefined {
  const named = [...text.matchAll(/\b([A-Z][A-Za-z]+)(?:\/(\d+))?/g)].filter(([, name]) =>
    Object.hasOwn(FIELDS, name!),
  );
  const [, name = CODE_FIELDS[code] ?? '', item] = named.at(-1) ?? [];
  const field = FIELDS[name];
  if (field === undefined) return undefined;
  if (typeof field === 'string') return field;
  const path = item === undefined ? field : [...field, Number(item)];
  return `${file}:${lineOf(path)} ${fieldName(path)}`;
}
