/** `algo listing`: the documents of a product on AWS Marketplace, from the definition, product.yaml and the sample data. */
import { join, relative } from 'node:path';
import type { Finding } from '@algo/listing';
import { ArgumentError, JobError } from '@algo/local';
import type { Command } from 'commander';
import {
  ALGORITHM,
  type ListingOptions,
  listingRequestOf,
  sampleDataOption,
  trainingRepositoryOption,
} from './listing-request.js';
import { addListingVersions } from './listing-versions.js';
import { folderOfOption } from './output-paths.js';
import { createTerminal } from './terminal.js';
import { outputFolder } from './workspace.js';

export function addListing(cli: Command): void {
  const listing = cli
    .command('listing')
    .summary("write a product's documents for AWS Marketplace")
    .description(
      'Writes the documents of a product: the requests of CreateAlgorithm and CreateModelPackage with their validation on the ' +
        "sample data, the policies of its two roles, the change set of Marketplace's catalog, and portal.md, every field of the Marketplace portal's form ready to paste. " +
        "Hyperparameters, channels, metrics and content types come from the definition, the seller's decisions from " +
        "listing/product.yaml. Each request is checked against AWS's model of SageMaker.",
    )
    .option('--out <dir>', 'folder for the documents (default: .algo/listing/NAME of the workspace)');
  listing
    .argument('<algorithm>', ALGORITHM)
    .addOption(sampleDataOption())
    .option('--account <id>', "the seller's AWS account (default: 000000000000, that of algo up)")
    .option('--region <name>', 'Region of image, data and resource (default: us-east-1)')
    .option('--bucket <name>', 'bucket of the sample data (default: sagemaker-REGION-ACCOUNT)')
    .option('--repository <name>', "ECR repository of the image (default: the algorithm's name)")
    .addOption(trainingRepositoryOption())
    .action(write);
  listing
    .command('check')
    .description(
      'Checks a listing by numbered rules: what a reviewer of AWS Marketplace or a service would refuse or hold up. Each finding ' +
        'has its rule, its place and the source of the rule. Exit code 1 if there is one.',
    )
    .argument('[algorithm]', ALGORITHM)
    .addOption(sampleDataOption())
    .option('--rules', 'print the rules with their sources, and check nothing')
    .option('--json', 'print the findings as JSON')
    .action((algorithm: string | undefined, _, command: Command) => check(algorithm, command.optsWithGlobals()));
  addListingVersions(listing);
}

// --- internal ---

async function write(algorithm: string, options: ListingOptions & { readonly out?: string }): Promise<void> {
  const given = options.out === undefined ? undefined : folderOfOption('--out', options.out, process.cwd());
  const { writeListing } = await import('@algo/listing');
  const request = await listingRequestOf(algorithm, options);
  const directory = given ?? outputFolder(request.from, 'listing', request.definition.Name);
  const { files, images, sampleDataUri, modelUri, obstacle } = await writeListing({ ...request, directory });
  const terminal = createTerminal(process.stdout);
  for (const file of files) terminal.line(relative(request.from, join(directory, file)));
  if (obstacle !== undefined) terminal.line(`No start-change-set.json: ${obstacle}.`);
  terminal.line('');
  terminal.line(
    `Before the requests are sent, ${images.join(' and ')} ${images.length === 1 ? 'is' : 'are'} pushed and the sample data is uploaded:`,
  );
  terminal.line('');
  terminal.line(`    aws s3 cp --recursive ${relative(request.from, request.sampleData)} ${sampleDataUri}`);
  if (modelUri !== undefined) terminal.line(`    aws s3 cp model.tar.gz ${modelUri}    # for a model package`);
}

interface CheckOptions extends ListingOptions {
  readonly rules?: true;
  readonly json?: true;
}

async function check(algorithm: string | undefined, options: CheckOptions): Promise<void> {
  const { checkListing, RULES } = await import('@algo/listing');
  if (options.rules) {
    for (const [i, { title, source }] of RULES.entries()) console.log(`${i + 1}. ${title}\n   ${source}`);
    return;
  }
  if (algorithm === undefined) throw new ArgumentError('An algorithm is required: algo listing check NAME.');
  const findings = await checkListing(await listingRequestOf(algorithm, options));
  if (options.json) console.log(JSON.stringify(findings, null, 2));
  else report(findings, RULES.length);
  if (findings.length > 0) throw new JobError(`${findings.length} finding${findings.length === 1 ? '' : 's'}`);
}

function report(findings: readonly Finding[], rules: number): void {
  const terminal = createTerminal(process.stdout);
  if (findings.length === 0) terminal.line(`${terminal.style('green', 'passed')} ${rules} rules`);
  for (const { rule, source, place, text } of findings) {
    terminal.line(`${terminal.style('bold', place)}: ${text}.`);
    terminal.line(terminal.style('dim', `  rule ${rule}: ${source}`));
  }
}
