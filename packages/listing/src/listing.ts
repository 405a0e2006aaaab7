/** Writes a product's documents: requests, roles and the portal's form. Nothing is written where something is wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocuments, documentsOf } from './documents/documents.js';
import { type ListingRequest, readMaterial, sourceOf } from './material.js';
import { portalPage } from './portal/portal.js';

const PORTAL_FILE = 'portal.md';

export interface WriteRequest extends ListingRequest {
  /** For the documents; made where it is missing. */
  readonly directory: string;
}

export interface Listing {
  /** Names of the files in the directory. */
  readonly files: readonly string[];
  /** Where the documents expect the sample data: `s3://…/sample-data`. */
  readonly sampleDataUri: string;
  readonly image: string;
}

/**
 * @throws ArgumentError for a product.yaml, a validation profile or seller's options that are wrong, or a document that AWS's
 * model of SageMaker does not allow
 */
export async function writeListing({ directory, ...request }: WriteRequest): Promise<Listing> {
  const material = await readMaterial(request);
  const source = sourceOf(material);
  const documents = documentsOf(source);
  checkDocuments(documents);
  const texts = [
    ...documents.map(({ file, document }) => ({ file, text: `${JSON.stringify(document, null, 2)}\n` })),
    { file: PORTAL_FILE, text: portalPage(source, material) },
  ];
  mkdirSync(directory, { recursive: true });
  for (const { file, text } of texts) writeFileSync(join(directory, file), text);
  const { storage, image } = source.seller;
  return { files: texts.map(({ file }) => file), sampleDataUri: `${storage}/sample-data`, image };
}
