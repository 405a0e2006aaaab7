/** The options of `algo publish` for a listing, and how its notebooks are run with the subscribed product. */
import { globSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { ListingRequest } from '@algo/listing';
import type { ListingOptions } from '@algo/listing/publish';
import { ArgumentError, removeTree } from '@algo/local';
import { type Command, Option } from 'commander';
import { findWorkspace } from './workspace.js';

export interface ListingStepOptions {
  readonly listing?: ListingOptions['step'];
  readonly arn?: string;
  readonly productId?: string;
}

export function addListingOptions(publish: Command): Command {
  return publish
    .addOption(
      new Option(
        '--listing <step>',
        'a step of the listing in the place of all others: limited makes the product for your account and the test accounts, ' +
          'test runs its notebooks as a buyer, public shows it to everybody',
      ).choices(['limited', 'test', 'public']),
    )
    .option('--arn <arn>', 'with --listing test: the ARN that the subscription gave')
    .option('--product-id <id>', 'with --listing limited or public: a product that was made in the portal');
}

/**
 * Undefined without --listing. Of an algorithm's notebooks, that of a model package is left out: it takes another subscription.
 * @throws ArgumentError for an option that is of another step
 */
export function listingOptions(
  request: ListingRequest,
  { listing: step, arn, productId }: ListingStepOptions,
  { line, stop }: { readonly line: (text: string) => void; readonly stop: AbortSignal },
): ListingOptions | undefined {
  if (arn !== undefined && step !== 'test') throw new ArgumentError('--arn is for --listing test.');
  if (productId !== undefined && step !== 'limited' && step !== 'public') {
    throw new ArgumentError('--product-id is for --listing limited and --listing public.');
  }
  if (step === undefined) return undefined;
  const from = process.cwd();
  const folder = join(findWorkspace(from) ?? from, 'notebooks', request.definition.Name);
  const notebooks = globSync('*.ipynb', { cwd: folder })
    .filter((file) => !request.definition.TrainingSpecification || !file.endsWith('-model-package.ipynb'))
    .sort()
    .map((file) => relative(from, join(folder, file)));
  return {
    step,
    arn,
    productId,
    notebooks,
    run: (file, subscribed) => runAsBuyer(request, file, subscribed, line, stop),
  };
}

// --- internal ---

/** In AWS, with this shell's credentials, in a copy of the data that buyers get. */
async function runAsBuyer(
  request: ListingRequest,
  file: string,
  arn: string,
  line: (text: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const { exportData, notebookPython, runNotebook } = await import('@algo/listing');
  const python = await notebookPython(process.env, line);
  const folder = mkdtempSync(join(tmpdir(), 'algo-notebook-data-'));
  try {
    await exportData(request, folder);
    await runNotebook({
      ...{ file, folder, python, environment: process.env, arn, isWritten: false, stop },
      onCell: (cell, seconds) => seconds !== undefined && line(`  ${cell} ${seconds.toFixed(2)} s`),
    });
  } finally {
    await removeTree(folder);
  }
}
