/** Runs the notebooks of a product, in a copy of the repository that its buyers get. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import type { ListingRequest } from '../material.js';
import { exportData, notebookFiles } from './export.js';
import type { ProductArns } from './local-product.js';
import { type NotebookRun, runNotebook } from './run.js';

export interface ProductRun extends Pick<NotebookRun, 'python' | 'environment' | 'isWritten' | 'stop'> {
  readonly request: ListingRequest;
  /** With the notebooks of the product. */
  readonly notebooks: string;
  /** A repository that was exported, with the notebooks, which run in it; default: a copy of the data, for the run. */
  readonly repository?: string | undefined;
  /** What is typed into them. A notebook that needs an ARN which is not there is left out. */
  readonly arns: Partial<ProductArns>;
  readonly onCell: (file: string, cell: string, seconds: number | undefined) => void;
  /** Hears of each notebook that has passed, or was left out. */
  readonly onNotebook: (file: string, isRun: boolean) => void;
}

/** @throws JobError that names notebook, cell and cause */
export async function runProductNotebooks(run: ProductRun): Promise<void> {
  const { request, notebooks, repository, arns, onCell, onNotebook, ...rest } = run;
  const copy = repository === undefined ? mkdtempSync(join(tmpdir(), 'algo-notebooks-')) : undefined;
  const folder = repository ?? copy!;
  try {
    if (copy !== undefined) await exportData(request, copy);
    for (const name of notebookFiles(notebooks)) {
      const file = join(notebooks, name);
      const arn = name.endsWith('-model-package.ipynb') ? arns.modelPackage : arns.algorithm;
      if (arn !== undefined) {
        await runNotebook({ ...rest, file, folder, arn, onCell: (cell, seconds) => onCell(file, cell, seconds) });
      }
      onNotebook(file, arn !== undefined);
    }
  } finally {
    if (copy !== undefined) await removeTree(copy);
  }
}
