/**
 * Lengths of the texts of a listing, in characters, and sizes of its lists. Sources: AWS's shapes of change sets
 * (aws-marketplace-catalog-api-shapes-for-python) and the AWS Marketplace API Reference, "Work with seller products".
 */

export const CHARACTERS = {
  title: 72,
  shortDescription: 1000,
  description: 5000,
  highlight: 500,
  keyword: 50,
  /** Of all keywords together, with a comma between them, as the portal takes them. */
  keywords: 250,
  sku: 100,
  resourceText: 500,
  support: 2000,
  version: 64,
  releaseNotes: 30_000,
  usage: 10_000,
  inputDescription: 10_000,
  limitations: 1000,
  sample: 10_000,
  parameterName: 100,
  parameterDescription: 1000,
  parameterConstraints: 1500,
  refunds: 500,
  logoUrl: 2048,
  url: 2000,
} as const;

export const ITEMS = {
  highlights: 3,
  categories: 3,
  keywords: 15,
  resources: 3,
  parameters: 35,
  testAccounts: 100,
} as const;

/** Those of the buyer guide for machine learning products. */
export const CATEGORIES = [
  ...(['ML Solutions', 'Data Labeling Services', 'Computer Vision', 'Natural Language Processing'] as const),
  ...(['Speech Recognition', 'Text', 'Image', 'Video', 'Audio', 'Structured'] as const),
] as const;

/** Days, since 2024; before it was 5 to 120. */
export const FREE_TRIAL_DAYS = { min: 5, max: 31 } as const;
