/** The notebooks of a product, generated from its definition, product.yaml and sample data; from then on the seller's own. */

import type { ListingRequest } from '../material.js';
import { type Facts, readFacts } from './facts.js';
import type { Notebook } from './notebook.js';
import { algorithmNotebook } from './template/algorithm.js';
import { modelPackageNotebook } from './template/model-package.js';
import { operationsNotebook } from './template/operations.js';

/** What a notebook shows: of an algorithm there are all three, of a product without training the second one. */
export type NotebookKind = 'algorithm' | 'model-package' | 'operations';

export interface NewNotebook {
  readonly kind: NotebookKind;
  /** `gradient-boosting-algorithm.ipynb` */
  readonly file: string;
  readonly notebook: Notebook;
}

/** @throws ArgumentError where product.yaml, the profile or notebook.yaml has a problem */
export async function newNotebooks(request: ListingRequest): Promise<readonly NewNotebook[]> {
  const facts = await readFacts(request);
  const kinds: readonly NotebookKind[] = facts.profile.trainingJob
    ? ['algorithm', 'model-package', 'operations']
    : ['model-package'];
  return kinds.map((kind) => ({
    kind,
    file: notebookFile(facts.definition.Name, kind),
    notebook: MAKERS[kind](facts),
  }));
}

// --- internal ---

const MAKERS: Readonly<Record<NotebookKind, (facts: Facts) => Notebook>> = {
  algorithm: algorithmNotebook,
  'model-package': modelPackageNotebook,
  operations: operationsNotebook,
};

/** Its name in the product's folder. */
function notebookFile(name: string, kind: NotebookKind): string {
  return `${name}-${kind}.ipynb`;
}
