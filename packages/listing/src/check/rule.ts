/** A rule of listings: what AWS Marketplace or SageMaker would refuse or hold up, with the source that says so. */
import type { Material, TextFile } from '../material.js';
import { type FieldPath, fieldName } from '../product/product-file.js';
import type { Product } from '../product/schema.js';

export interface Rule {
  /** What holds of a good listing. */
  readonly title: string;
  readonly source: string;
  find(material: Material): readonly Found[];
}

export interface Found {
  /** File with line, or what has none. */
  readonly place: string;
  /** What must hold, and what was found. */
  readonly text: string;
}

export interface Finding extends Found {
  /** Number of the rule, from 1. */
  readonly rule: number;
  readonly source: string;
}

export const SOURCES = {
  requirements: 'AWS Marketplace Seller Guide, "Requirements and best practices for creating ML products"',
  products: 'AWS Marketplace API Reference, "Work with seller products"',
  versions: 'AWS Marketplace API Reference, "Add a new version" of ML products',
  pricing: 'AWS Marketplace Seller Guide, "ML product pricing"',
  terms: 'AWS Marketplace API Reference, "Update pricing terms" of ML products',
  shapes: 'aws-marketplace-catalog-api-shapes-for-python, machine_learning_product_1_0',
  createAlgorithm: 'Amazon SageMaker API Reference, CreateAlgorithm',
  fastFile: 'boto/boto3#4469: CreateAlgorithm refuses FastFile',
  images: 'AWS Marketplace Seller Guide, "Prepare your model package or algorithm images"',
  inspector: 'Amazon Inspector User Guide, "Supported operating systems and programming languages"',
  drivers: 'Amazon SageMaker Developer Guide, "Best practices to minimize interruptions during GPU driver upgrades"',
  semver: 'Semantic Versioning 2.0.0, as npm and changesets number versions',
  model: "botocore's model of SageMaker",
} as const;

/** A rule of what the seller decides: nothing is found where product.yaml cannot be read, which rule 1 says. */
export function productRule(
  title: string,
  source: string,
  find: (product: Product, material: Material) => readonly (readonly [path: FieldPath, text: string])[],
): Rule {
  return {
    title,
    source,
    find(material) {
      const { product, file, lineOf } = material.productFile;
      if (!product) return [];
      return find(product, material).map(([path, text]) => ({
        place: `${file}:${lineOf(path)}`,
        text: `${fieldName(path)} ${text}`,
      }));
    },
  };
}

/** Each match in a text, with its line. */
export function matchesIn({ file, text }: TextFile, pattern: RegExp): readonly { place: string; match: string }[] {
  return [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
    place: `${file}:${text.slice(0, index).split('\n').length}`,
    match,
  }));
}

/** description.md and usage.md, those that are there. */
export function longTexts({ description, usage }: Material): readonly TextFile[] {
  return [description, usage].filter((text) => text !== undefined);
}
