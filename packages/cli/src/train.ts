/**
 * `algo train`: a training job on this machine. The program's log goes to stdout as it comes; the job's status, its
 * final metrics and the place of the model follow.
 */
import { randomUUID } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import {
  ArgumentError,
  describeProgram,
  instanceCountOf,
  JobError,
  removeTree,
  runTrainingJob,
  type TrainingJobRequest,
  type TrainingJobResult,
} from '@algo/local';
import { type Command, Option } from 'commander';
import { listenForInterrupt } from './interrupt.js';
import { layOut } from './lay-out.js';
import { folderOfOption } from './output-paths.js';
import { createTerminal, formatTable } from './terminal.js';
import { addTrainingOptions, type TrainingOptions, trainingRequestOf } from './training-options.js';
import { outputFolder, resolveProgram } from './workspace.js';

interface TrainOptions extends TrainingOptions {
  readonly checkpoints?: string;
  readonly output?: string;
  readonly keep?: boolean;
  readonly layOut?: string;
}

export function addTrain(cli: Command): void {
  const command = cli
    .command('train')
    .summary('run a training job')
    .description(
      'Runs a training job: creates /opt/ml like SageMaker, starts the program, collects its metrics, packs model.tar.gz.\n' +
        'Ctrl-C stops the job like StopTrainingJob: SIGTERM, then SIGKILL after 120 s. The files in the model folder are kept.',
    )
    .argument('<algorithm>', "an algorithm's folder or program, or its name in the workspace's folder algorithms");
  addTrainingOptions(command)
    .option(
      '--checkpoints <dir>',
      "folder for the program's checkpoints; a job that finds some there resumes from them",
    )
    .option(
      '-o, --output <dir>',
      'folder for model.tar.gz, output.tar.gz, metrics.json, log.txt (default: .algo/training-job/NAME)',
    )
    .option('--keep', "keep the container's /opt/ml, in .container-ID inside the output folder")
    .addOption(
      new Option(
        '--lay-out <dir>',
        'write what SageMaker would mount at /opt/ml into a new folder, for "docker run -v", and run nothing',
      ).conflicts(['checkpoints', 'output', 'keep', 'env', 'maxRuntime']),
    )
    .action(train);
}

// --- internal ---

/** Options of jobs on several instances. */
const OF_SEVERAL = ['instances', 'shard', 'group', 'channelGroups'] as const;

async function train(algorithm: string, options: TrainOptions): Promise<void> {
  if (options.layOut !== undefined && OF_SEVERAL.some((option) => options[option] !== undefined)) {
    throw new ArgumentError(
      '--lay-out writes /opt/ml of one container, so it cannot be used with --instances, --shard, --group and --channel-groups, which are for several.',
    );
  }
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const description = await describeProgram(program);
  const request = trainingRequestOf(options, description, from);
  if (options.layOut !== undefined) {
    const { hyperparameters, channels, inputMode } = request;
    const directory = folderOfOption('--lay-out', options.layOut, from);
    return layOut({ program, description, hyperparameters, channels, inputMode, directory }, options.layOut);
  }
  const outputDirectory = options.output
    ? resolve(from, options.output)
    : outputFolder(from, 'training-job', description.Name);
  const container = join(outputDirectory, `.container-${randomUUID().slice(0, 8)}`); // a name that no file of a user has
  try {
    const result = await runJob(
      { program, description, ...request, outputDirectory, workDirectory: container },
      options,
    );
    const tree = join(container, instanceCountOf(request) > 1 ? 'algo-*' : '', 'opt', 'ml');
    report(result, outputDirectory, options.keep ? tree : undefined);
  } finally {
    if (!options.keep) await removeTree(container);
  }
}

async function runJob(request: TrainingJobRequest, options: TrainOptions): Promise<TrainingJobResult> {
  const from = process.cwd();
  const interrupt = listenForInterrupt(() => console.error('Stopping the job: SIGTERM, then SIGKILL after 120 s.'));
  try {
    return await runTrainingJob({
      ...request,
      checkpoints: options.checkpoints === undefined ? undefined : { folder: resolve(from, options.checkpoints) },
      stop: interrupt.signal,
      onEvent: (event) =>
        event.type === 'log' && console.log(event.host ? `[${event.host}] ${event.line}` : event.line),
    });
  } finally {
    interrupt.close();
  }
}

/** @param tree of the container, where it is kept @throws JobError unless the job is Completed */
function report(result: TrainingJobResult, outputDirectory: string, tree: string | undefined): void {
  const terminal = createTerminal(process.stdout);
  const state = result.secondaryStatus === result.status ? '' : ` (${result.secondaryStatus})`;
  const colour = result.status === 'Completed' ? 'green' : 'red';
  terminal.line(terminal.style(colour, `${result.status}${state} after ${result.seconds.toFixed(2)} s`));
  const metrics = Object.entries(result.finalMetrics).map(([name, value]) => [`  ${name}`, String(value)]);
  if (metrics.length > 0) for (const line of formatTable(metrics, [1])) terminal.line(line);
  if (result.modelArchive) terminal.line(`Model: ${result.modelArchive}`);
  if (tree) terminal.line(`Container: ${tree}`);
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
