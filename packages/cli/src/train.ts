/**
 * `algo train`: a training job on this machine. The program's log goes to stdout as it comes; the job's status, its
 * final metrics and the place of the model follow.
 */
import { randomUUID } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import {
  type AlgorithmDescription,
  describeProgram,
  type InputMode,
  JobError,
  type Program,
  removeTree,
  runTrainingJob,
  type TrainingJobResult,
} from '@algo/local';
import { type Command, Option } from 'commander';
import { type ChannelOptions, channelsOf } from './channels.js';
import { listenForInterrupt } from './interrupt.js';
import { collectChannel, collectPair, integerIn, type Pairs, readHyperparameters } from './option-values.js';
import { createTerminal, formatTable } from './terminal.js';
import { outputFolder, resolveProgram } from './workspace.js';

interface TrainOptions extends ChannelOptions {
  readonly hyperparameter?: Pairs;
  readonly hyperparameters?: string;
  readonly inputMode: InputMode;
  readonly checkpoints?: string;
  readonly env?: Pairs;
  readonly output?: string;
  readonly maxRuntime?: number;
  readonly keep?: boolean;
}

export function addTrain(cli: Command): void {
  cli
    .command('train')
    .summary('run a training job')
    .description(
      'Runs a training job: creates /opt/ml like SageMaker, starts the program, collects its metrics, packs model.tar.gz.\n' +
        'Ctrl-C stops the job like StopTrainingJob: SIGTERM, then SIGKILL after 120 s. The files in the model folder are kept.',
    )
    .argument('<algorithm>', "an algorithm's folder or program, or its name in the workspace's folder algorithms")
    .requiredOption(
      '-c, --channel <name=path[:content-type]>',
      'input channel: a file or folder (repeatable); without a content type, the program detects it from the files',
      collectChannel,
    )
    .option('-p, --hyperparameter <name=value>', 'hyperparameter (repeatable)', collectPair)
    .option('--hyperparameters <file>', 'JSON file of hyperparameters; --hyperparameter overrides it')
    .addOption(new Option('--input-mode <mode>', 'input mode').choices(['File', 'FastFile', 'Pipe']).default('File'))
    .addOption(
      new Option('--compression <type>', 'compression of the files in Pipe mode')
        .choices(['None', 'Gzip'])
        .default('None'),
    )
    .addOption(
      new Option('--record-wrapper <type>', 'in Pipe mode: each file as a record of RecordIO')
        .choices(['None', 'RecordIO'])
        .default('None'),
    )
    .option(
      '--attributes <name=attribute,…>',
      'in Pipe mode: the channel is an augmented manifest, of which these attributes are sent (repeatable)',
      collectPair,
    )
    .option(
      '--data-type <name=type>',
      "what the channel's path is: S3Prefix, a file or folder, or ManifestFile, a JSON list of files (repeatable)",
      collectPair,
    )
    .option(
      '--shuffle <seed>',
      'ShuffleConfig of all channels: an order of their files, or of the lines of an augmented manifest, new in each epoch of Pipe mode',
      integerIn(0, 2 ** 31 - 1),
    )
    .option(
      '--checkpoints <dir>',
      "folder for the program's checkpoints; a job that finds some there resumes from them",
    )
    .option('-e, --env <name=value>', 'variable for the program (repeatable)', collectPair)
    .option(
      '-o, --output <dir>',
      'folder for model.tar.gz, output.tar.gz, metrics.json, log.txt (default: .algo/training-job/NAME)',
    )
    .option('--max-runtime <seconds>', 'MaxRuntimeInSeconds (default: 1 day)', integerIn(1, 28 * 86_400))
    .option('--keep', "keep the container's /opt/ml, in .container-ID inside the output folder")
    .action(train);
}

// --- internal ---

async function train(algorithm: string, options: TrainOptions): Promise<void> {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const description = await describeProgram(program);
  const outputDirectory = options.output
    ? resolve(from, options.output)
    : outputFolder(from, 'training-job', description.Name);
  const container = join(outputDirectory, `.container-${randomUUID().slice(0, 8)}`); // a name that no file of a user has
  try {
    const result = await runJob(program, description, { outputDirectory, workDirectory: container }, options);
    report(result, outputDirectory, options.keep ? container : undefined);
  } finally {
    if (!options.keep) await removeTree(container);
  }
}

async function runJob(
  program: Program,
  description: AlgorithmDescription,
  folders: { readonly outputDirectory: string; readonly workDirectory: string },
  options: TrainOptions,
): Promise<TrainingJobResult> {
  const from = process.cwd();
  const fromFile = options.hyperparameters ? readHyperparameters(resolve(from, options.hyperparameters)) : {};
  const interrupt = listenForInterrupt(() => console.error('Stopping the job: SIGTERM, then SIGKILL after 120 s.'));
  try {
    return await runTrainingJob({
      program,
      description,
      hyperparameters: { ...fromFile, ...options.hyperparameter },
      channels: channelsOf(options, from),
      checkpoints: options.checkpoints === undefined ? undefined : { folder: resolve(from, options.checkpoints) },
      inputMode: options.inputMode,
      environment: options.env ?? {},
      maxRuntimeInSeconds: options.maxRuntime,
      ...folders,
      stop: interrupt.signal,
      onEvent: (event) => event.type === 'log' && console.log(event.line),
    });
  } finally {
    interrupt.close();
  }
}

/** @throws JobError unless the job is Completed */
function report(result: TrainingJobResult, outputDirectory: string, container: string | undefined): void {
  const terminal = createTerminal(process.stdout);
  const state = result.secondaryStatus === result.status ? '' : ` (${result.secondaryStatus})`;
  const colour = result.status === 'Completed' ? 'green' : 'red';
  terminal.line(terminal.style(colour, `${result.status}${state} after ${result.seconds.toFixed(2)} s`));
  const metrics = Object.entries(result.finalMetrics).map(([name, value]) => [`  ${name}`, String(value)]);
  if (metrics.length > 0) for (const line of formatTable(metrics, [1])) terminal.line(line);
  if (result.modelArchive) terminal.line(`Model: ${result.modelArchive}`);
  if (container) terminal.line(`Container: ${join(container, 'opt', 'ml')}`);
  if (basename(result.logFile) !== 'log.txt')
    terminal.line(`Log: ${result.logFile}; the results of an earlier job are kept`);
  terminal.line(`Files: ${outputDirectory}`);
  if (result.status === 'Completed') return;
  throw new JobError(result.failureReason ?? stoppedText(result));
}

function stoppedText({ secondaryStatus }: TrainingJobResult): string {
  if (secondaryStatus === 'MaxRuntimeExceeded') return 'The job was stopped because it exceeded --max-runtime.';
  return 'The job was stopped.';
}
