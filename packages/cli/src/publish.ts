/** `algo publish`: from the workspace to a Completed resource in the seller's account, step by step. A dry run unless `--apply`. */
import type { StepReport } from '@algo/listing/publish';
import { ArgumentError, describeProgram, engineImage, findEngine, type ImageSource } from '@algo/local';
import type { Command } from 'commander';
import { type EngineOptions, engineOption, imageName } from './engine-option.js';
import { listenForInterrupt } from './interrupt.js';
import { evidenceFolders, type ListingOptions, trainingRepositoryOption } from './listing-request.js';
import { addListingOptions, type ListingStepOptions, listingOptions } from './publish-listing.js';
import { createTerminal, type Terminal } from './terminal.js';
import { findSampleData, outputFolder, resolveProgram } from './workspace.js';

interface PublishOptions extends ListingOptions, EngineOptions, ListingStepOptions {
  readonly trainingImage?: string;
  readonly apply?: true;
  readonly private?: true;
  readonly step?: string;
  readonly push: boolean;
  readonly trial: boolean;
  readonly acceptFinding: readonly string[];
  readonly json?: true;
}

export function addPublish(cli: Command): void {
  const publish = cli
    .command('publish')
    .summary("put a product into the seller's AWS account")
    .description(
      'Puts a product into the AWS account of the credentials: roles, bucket, ECR repository, image with its scan, sample data, ' +
        "then the algorithm or model package with AWS's validation, whose outputs are compared with the stored samples. " +
        'Each step says what it will make and how long that takes; what has been made already is found and kept. ' +
        'Nothing is made without --apply.',
    )
    .argument('<algorithm>', "an algorithm's folder, or its name in the workspace's folder algorithms");
  addAccountOptions(publish)
    .option('--apply', 'make what the dry run says')
    .option('--step <name>', 'run this step alone');
  addListingOptions(publish)
    .option('--private', 'keep the resource in this account: not certified for AWS Marketplace, no listing')
    .addOption(engineOption())
    .option('-i, --image <reference>', "image of the engine to push (default: the algorithm's name)")
    .option('--training-image <reference>', 'image of the engine to push to --training-repository (default: its name)')
    .option(
      '--no-trial',
      'make the resource without the trial before it, which "algo validate --runner sagemaker" runs alone',
    )
    .option('--no-push', 'push no image: ECR has it already, or algo up runs the program as a process')
    .option(
      '--accept-finding <cve>',
      'a Critical or High finding that does not apply; repeatable',
      (cve: string, before: readonly string[]) => [...before, cve],
      [],
    )
    .option('--json', 'print the steps as JSON; progress goes to stderr')
    .action(run);
}

/** Where in which account, as `algo listing` has it. */
export function addAccountOptions(command: Command): Command {
  return command
    .option('--sample-data <dir>', 'folder with validation-profile.json (default: sample-data/NAME of the workspace)')
    .option('--account <id>', 'AWS account that the credentials must be of (default: any)')
    .option('--region <name>', "Region (default: that of AWS's own variables and files, else us-east-1)")
    .option('--bucket <name>', 'bucket of sample data and outputs (default: sagemaker-REGION-ACCOUNT)')
    .option('--repository <name>', "ECR repository of the image (default: the algorithm's name)")
    .addOption(trainingRepositoryOption());
}

/** What publishing and its undoing begin with: the product, and where it says what it does. */
export async function publishRequest(algorithm: string, options: ListingOptions, terminal: Terminal) {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const definition = await describeProgram(program);
  return {
    folder: program.folder,
    definition,
    sampleData: findSampleData(program, options.sampleData, from),
    seller: options,
    evidence: evidenceFolders(program.folder, definition.Name, from),
    from,
    directory: outputFolder(from, 'publish', definition.Name),
    trialDirectory: outputFolder(from, 'sagemaker-validation', definition.Name),
    onLine: (line: string) => terminal.line(line),
    onProgress: (text: string) => terminal.progress(text),
  };
}

/** The image of an engine that is to be pushed. */
export async function localImage(folder: string, { engine, image }: EngineOptions): Promise<ImageSource> {
  return engineImage(await findEngine('read', engine), image ?? imageName(folder));
}

// --- internal ---

async function run(algorithm: string, options: PublishOptions): Promise<void> {
  if (options.trainingImage !== undefined && options.trainingRepository === undefined) {
    throw new ArgumentError('--training-image needs --training-repository, where it is pushed to.');
  }
  const { publish } = await import('@algo/listing/publish');
  const terminal = createTerminal(options.json ? process.stderr : process.stdout);
  const request = await publishRequest(algorithm, options, terminal);
  const interrupt = listenForInterrupt(() => terminal.line('Stopping. What is made stays; the next run finds it.'));
  const isDryRun = options.apply !== true;
  try {
    const listing = listingOptions(request, options, { line: request.onLine, stop: interrupt.signal });
    const images = options.push && !listing ? await localImages(request.folder, options) : { image: undefined };
    const reports = await publish(
      {
        ...request,
        ...{ ...images, isPrivate: options.private ?? false, acceptedFindings: options.acceptFinding },
        hasNoTrial: !options.trial,
        stop: interrupt.signal,
      },
      { isDryRun, only: options.step, listing, onStep: (report) => show(terminal, report) },
    );
    if (options.json) console.log(JSON.stringify(reports, null, 2));
    if (isDryRun) terminal.line(`\n${dryRunText(options)}`);
  } finally {
    terminal.endProgress();
    interrupt.close();
  }
}

function dryRunText({ listing }: PublishOptions): string {
  if (listing === 'test') return 'No notebook was run: nothing is tested. --apply runs the notebooks.';
  return 'Nothing was made. --apply makes what is "to do", in this order.';
}

async function localImages(folder: string, options: PublishOptions) {
  const { trainingRepository, trainingImage = trainingRepository } = options;
  return {
    image: await localImage(folder, options),
    ...(trainingImage !== undefined && {
      trainingImage: await localImage(folder, { ...options, image: trainingImage }),
    }),
  };
}

function show(terminal: Terminal, { step, state, text, makes, hours, cost }: StepReport): void {
  terminal.endProgress();
  const colour = state === 'to do' ? 'yellow' : 'green';
  terminal.line(`${terminal.style('bold', step)}: ${terminal.style(colour, state)}, ${text}`);
  if (state !== 'to do') return;
  for (const one of makes) terminal.line(`  makes ${one}`);
  terminal.line(terminal.style('dim', `  hours: ${hours}; cost of instances: ${cost}`));
  terminal.progress(step);
}
