/**
 * `algo transform`: a batch transform on this machine. Prints the result for each input file.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type AlgorithmDescription,
  type AssembleWith,
  type BatchStrategy,
  describeProgram,
  type InputDataType,
  JobError,
  type LocalEvent,
  type Program,
  removeTree,
  runTransformJob,
  type SplitType,
  type TransformJobResult,
} from '@algo/local';
import { type Command, Option } from 'commander';
import { listenForInterrupt } from './interrupt.js';
import { collectPair, integerIn, type Pairs } from './option-values.js';
import { createTerminal, type Terminal } from './terminal.js';
import { modelPath, resolveProgram } from './workspace.js';

interface TransformOptions {
  readonly model?: string;
  readonly input: string;
  readonly output: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly splitType: SplitType;
  readonly assembleWith?: AssembleWith;
  readonly strategy?: BatchStrategy;
  readonly maxPayload?: number;
  readonly maxConcurrent?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly compression: 'None' | 'Gzip';
  readonly dataType: InputDataType;
  readonly inputFilter?: string;
  readonly joinSource: 'None' | 'Input';
  readonly outputFilter?: string;
  readonly env?: Pairs;
}

export function addTransform(cli: Command): void {
  cli
    .command('transform')
    .summary('run a batch transform')
    .description(
      'Runs a batch transform: splits the input into records, sends them to the server, assembles the responses in order.\n' +
        'Each input file NAME gets an output file NAME.out; a file that fails gets none.',
    )
    .argument('<algorithm>', "an algorithm's folder or program, or its name in the workspace's folder algorithms")
    .option(
      '-m, --model <path>',
      'model.tar.gz of a training job, or a folder with its unpacked files; a model package may have none',
    )
    .requiredOption('-i, --input <path>', 'a file, or a folder including its subfolders')
    .addOption(
      new Option(
        '--data-type <type>',
        'what the input is: S3Prefix, a file or folder, or ManifestFile, a JSON list of files',
      )
        .choices(['S3Prefix', 'ManifestFile'])
        .default('S3Prefix'),
    )
    .requiredOption('-o, --output <dir>', 'folder for the .out files')
    .option('--content-type <type>', "of the input (default: the algorithm's first)")
    .option('--accept <type>', "of the output (default: what the container chooses; the input's if they are joined)")
    .option('--input-filter <jsonpath>', 'InputFilter: what the model gets of each record, as $[1:] or $.features')
    .addOption(
      new Option('--join-source <source>', 'Input: write each record with its answer')
        .choices(['None', 'Input'])
        .default('None'),
    )
    .option(
      '--output-filter <jsonpath>',
      "OutputFilter: what is written of both, as $[0,-1] or $['id','SageMakerOutput']",
    )
    .addOption(
      new Option('--split-type <type>', 'how the input is split into records')
        .choices(['None', 'Line', 'RecordIO', 'TFRecord'])
        .default('Line'),
    )
    .addOption(
      new Option(
        '--assemble-with <type>',
        'separator after each response (default: Line with --split-type Line)',
      ).choices(['None', 'Line']),
    )
    .addOption(new Option('--strategy <name>', 'records per request').choices(['MultiRecord', 'SingleRecord']))
    .option('--max-payload <MB>', 'MaxPayloadInMB; 0 sends a whole file in chunks', integerIn(0, 100))
    .option('--max-concurrent <n>', 'MaxConcurrentTransforms: requests in flight', integerIn(0, 100))
    .option('--timeout <seconds>', 'InvocationsTimeoutInSeconds (default: 600)', integerIn(1, 3600))
    .option('--retries <n>', 'InvocationsMaxRetries (default: 3)', integerIn(0, 3))
    .addOption(new Option('--compression <type>', 'of the input files').choices(['None', 'Gzip']).default('None'))
    .option('-e, --env <name=value>', 'variable for the program (repeatable)', collectPair)
    .action(transform);
}

// --- internal ---

async function transform(algorithm: string, options: TransformOptions): Promise<void> {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const description = await describeIfNeeded(program, options);
  const terminal = createTerminal(process.stdout);
  const workDirectory = await mkdtemp(join(tmpdir(), 'algo-transform-'));
  const interrupt = listenForInterrupt(() => terminal.line('Stopping the job.'));
  try {
    terminal.progress('starting the server');
    const result = await runTransformJob({
      program,
      model: description ? modelPath(options.model, description, from) : resolve(from, options.model!),
      input: resolve(from, options.input),
      outputDirectory: resolve(from, options.output),
      dataType: options.dataType,
      ...mediaTypes(options, description),
      dataProcessing: {
        inputFilter: options.inputFilter,
        joinSource: options.joinSource,
        outputFilter: options.outputFilter,
      },
      splitType: options.splitType,
      assembleWith: options.assembleWith ?? (options.splitType === 'Line' ? 'Line' : 'None'),
      batchStrategy: options.strategy,
      maxPayloadInMB: options.maxPayload,
      maxConcurrentTransforms: options.maxConcurrent,
      invocationsTimeoutInSeconds: options.timeout,
      invocationsMaxRetries: options.retries,
      compressionType: options.compression,
      environment: options.env ?? {},
      workDirectory,
      logFile: join(workDirectory, 'log.txt'),
      stop: interrupt.signal,
      onEvent: (event) => showProgress(event, terminal),
    });
    terminal.endProgress();
    report(result, options.output, terminal);
  } finally {
    terminal.endProgress();
    interrupt.close();
    await removeTree(workDirectory);
  }
}

/** Undefined where all is said: the program is started for it. */
async function describeIfNeeded(program: Program, { model, contentType }: TransformOptions) {
  return model === undefined || contentType === undefined ? await describeProgram(program) : undefined;
}

/** A filter or join of the output is of one format. */
function mediaTypes(options: TransformOptions, description: AlgorithmDescription | undefined) {
  const contentType = options.contentType ?? description?.InferenceSpecification.SupportedContentTypes[0];
  const isJoined = options.joinSource === 'Input' || options.outputFilter !== undefined;
  return { contentType, accept: options.accept ?? (isJoined ? contentType : undefined) };
}

function showProgress(event: LocalEvent, terminal: Terminal): void {
  if (event.type !== 'transform-progress') return;
  const percent = Math.min(100, Math.round((event.bytesSent / Math.max(event.bytes, 1)) * 100));
  terminal.progress(`${event.filesDone} of ${event.files} files, ${event.records} records, ${percent} %`);
}

/** @throws JobError unless the job is Completed */
function report(result: TransformJobResult, output: string, terminal: Terminal): void {
  for (const file of result.files) {
    const records = file.records === undefined ? 'whole' : count(file.records, 'record');
    if (file.error === undefined) terminal.line(`${file.input}: ${records}`);
    else terminal.line(`${file.input}: ${terminal.style('red', 'failed')}: ${file.error}`);
  }
  const colour = result.status === 'Completed' ? 'green' : 'red';
  const done = result.files.filter((file) => file.error === undefined);
  const isWhole = done.length > 0 && done.every((file) => file.records === undefined);
  const amount = isWhole ? count(done.length, 'file') : count(result.records, 'record');
  const work = `${amount} in ${count(result.requests, 'request')}`;
  terminal.line(terminal.style(colour, `${result.status}: ${work} after ${result.seconds.toFixed(2)} s`));
  terminal.line(`Files: ${resolve(output)}`);
  if (result.status !== 'Completed') throw new JobError(result.failureReason ?? `The job ended ${result.status}.`);
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
