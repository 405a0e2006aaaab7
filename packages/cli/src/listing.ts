/** `algo listing`: the documents of a product on AWS Marketplace, from the definition, product.yaml and the sample data. */
import { join, relative, resolve } from 'node:path';
import { describeProgram } from '@algo/local';
import type { Command } from 'commander';
import { createTerminal } from './terminal.js';
import { findSampleData, outputFolder, resolveProgram } from './workspace.js';

interface ListingOptions {
  readonly sampleData?: string;
  readonly account?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly repository?: string;
}

export function addListing(cli: Command): void {
  const listing = cli
    .command('listing')
    .summary("write a product's documents for AWS Marketplace")
    .description(
      'Writes the documents of a product: the requests of CreateAlgorithm and CreateModelPackage with their validation on the ' +
        "sample data, the policies of its two roles, and portal.md, every field of the Marketplace portal's form ready to paste. " +
        "Hyperparameters, channels, metrics and content types come from the definition, the seller's decisions from " +
        "listing/product.yaml. Each request is checked against AWS's model of SageMaker.",
    )
    .option('--out <dir>', 'folder for the documents (default: .algo/listing/NAME of the workspace)');
  addListingOptions(listing).action(write);
}

// --- internal ---

function addListingOptions(command: Command): Command {
  return command
    .argument('<algorithm>', "an algorithm's folder, or its name in the workspace's folder algorithms")
    .option('--sample-data <dir>', 'folder with validation-profile.json (default: sample-data/NAME of the workspace)')
    .option('--account <id>', "the seller's AWS account (default: 000000000000, that of algo up)")
    .option('--region <name>', 'Region of image, data and resource (default: us-east-1)')
    .option('--bucket <name>', 'bucket of the sample data (default: sagemaker-REGION-ACCOUNT)')
    .option('--repository <name>', "ECR repository of the image (default: the algorithm's name)");
}

async function requestOf(algorithm: string, options: ListingOptions) {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const sampleData = findSampleData(program, options.sampleData, from);
  const definition = await describeProgram(program);
  return { folder: program.folder, definition, sampleData, seller: options, from };
}

async function write(algorithm: string, options: ListingOptions & { readonly out?: string }): Promise<void> {
  const { writeListing } = await import('@algo/listing');
  const request = await requestOf(algorithm, options);
  const directory =
    options.out === undefined
      ? outputFolder(request.from, 'listing', request.definition.Name)
      : resolve(request.from, options.out);
  const { files, image, sampleDataUri } = await writeListing({ ...request, directory });
  const terminal = createTerminal(process.stdout);
  for (const file of files) terminal.line(relative(request.from, join(directory, file)));
  terminal.line('');
  terminal.line(`Before the requests are sent, ${image} is pushed and the sample data is uploaded:`);
  terminal.line('');
  terminal.line(`    aws s3 cp --recursive ${relative(request.from, request.sampleData)} ${sampleDataUri}`);
}
