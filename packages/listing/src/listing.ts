/** Writes a product's documents: requests, roles and the portal's form. Nothing is written where something is wrong. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError } from '@algo/local';
import { cdkStacks } from './documents/cdk.js';
import { changeSet, changeSetObstacle, publicChangeSet } from './documents/change-set.js';
import { productTemplate, storageTemplate } from './documents/cloudformation.js';
import { modelUri } from './documents/create-model-package.js';
import {
  CHANGE_SET_FILE,
  changeSetProblem,
  checkDocuments,
  documentsOf,
  PUBLIC_CHANGE_SET_FILE,
} from './documents/documents.js';
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
  /** To be pushed: one, or that which serves and that which trains. */
  readonly images: readonly string[];
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
    ...(obstacle === undefined ? changeSetTexts(source, material) : []),
  ];
  mkdirSync(directory, { recursive: true });
  // Of an earlier run, where there can be none now.
  for (const file of [CHANGE_SET_FILE, PUBLIC_CHANGE_SET_FILE]) rmSync(join(directory, file), { force: true });
  for (const { file, text } of texts) writeFileSync(join(directory, file), text);
  const { storage, image, trainingImage } = source.seller;
  const model = modelUri(source);
  return {
    files: texts.map(({ file }) => file),
    ...{ sampleDataUri: `${storage}/sample-data`, obstacle },
    images: trainingImage === undefined ? [image] : [image, trainingImage],
    modelUri: texts.some(({ text }) => text.includes(model)) ? model : undefined,
  };
}

// --- internal ---

/** @throws ArgumentError for a text that the catalog would refuse */
function changeSetTexts(source: Source, material: Material) {
  const sets = [
    [CHANGE_SET_FILE, changeSet(source, material)],
    [PUBLIC_CHANGE_SET_FILE, publicChangeSet(source)],
  ] as const;
  return sets.map(([file, changes]) => {
    const problem = changeSetProblem(changes, file);
    if (problem !== undefined) throw new ArgumentError(problem);
    return { file, text: jsonText(changes) };
  });
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
