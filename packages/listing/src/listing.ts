/** Writes a product's documents: requests, roles and the portal's form. Nothing is written where something is wrong. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError } from '@algo/local';
import { cdkStacks } from './documents/cdk.js';
import { changeSet, changeSetObstacle } from './documents/change-set.js';
import { productTemplate, storageTemplate } from './documents/cloudformation.js';
import { modelUri } from './documents/create-model-package.js';
import { CHANGE_SET_FILE, changeSetProblem, checkDocuments, documentsOf } from './documents/documents.js';
import { PRODUCT_TEMPLATE_FILE, STORAGE_TEMPLATE_FILE } from './documents/files.js';
import { shellScript } from './documents/shell-script.js';
import type { Source } from './documents/source.js';
import { type ListingRequest, type Material, readMaterial, sourceOf } from './material.js';
import { portalPage } from './portal/portal.js';

const PORTAL_FILE = 'portal.md';
const SCRIPT_FILE = 'create.sh';
const CDK_FILE = 'cdk.ts';

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
  /** Where they expect the model.tar.gz of a model package; undefined where the model is in the image. */
  readonly modelUri: string | undefined;
  /** Why there is no change set; undefined where there is one. */
  readonly obstacle: string | undefined;
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
  const obstacle = changeSetObstacle(source, material);
  const texts = [
    ...documents.map(({ file, document }) => ({ file, text: jsonText(document) })),
    { file: STORAGE_TEMPLATE_FILE, text: jsonText(storageTemplate(source)) },
    { file: PRODUCT_TEMPLATE_FILE, text: jsonText(productTemplate(source)) },
    { file: CDK_FILE, text: cdkStacks(source) },
    { file: PORTAL_FILE, text: portalPage(source, material) },
    { file: SCRIPT_FILE, text: shellScript(source, material.sampleData.folder) },
    ...(obstacle === undefined ? [{ file: CHANGE_SET_FILE, text: changeSetText(source, material) }] : []),
  ];
  mkdirSync(directory, { recursive: true });
  rmSync(join(directory, CHANGE_SET_FILE), { force: true }); // of an earlier run, where there can be none now
  for (const { file, text } of texts) writeFileSync(join(directory, file), text);
  const { storage, image } = source.seller;
  const model = modelUri(source);
  return {
    files: texts.map(({ file }) => file),
    ...{ sampleDataUri: `${storage}/sample-data`, image, obstacle },
    modelUri: texts.some(({ text }) => text.includes(model)) ? model : undefined,
  };
}

// --- internal ---

/** @throws ArgumentError for a text that the catalog would refuse */
function changeSetText(source: Source, material: Material): string {
  const changes = changeSet(source, material);
  const problem = changeSetProblem(changes);
  if (problem !== undefined) throw new ArgumentError(problem);
  return jsonText(changes);
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
