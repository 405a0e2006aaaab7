/**
 * `algo validate`: what AWS Marketplace does to validate a product, and a real-time round, on this machine or in one's account. One table for
 * all algorithms at the end; the first cause decides the exit code.
 */
import { basename } from 'node:path';
import {
  ArgumentError,
  describeProgram,
  type EngineName,
  isImageProgram,
  JobError,
  type Program,
  requireSameProduct,
  validateAlgorithm,
} from '@algo/local';
import { type Command, Option } from 'commander';
import { engineOption, openImage } from './engine-option.js';
import { type Interrupt, listenForInterrupt } from './interrupt.js';
import { createTerminal, type Terminal } from './terminal.js';
import { createListener, type Outcome, report } from './validation-report.js';
import { findSampleData, listAlgorithms, outputFolder, resolveAlgorithm, resolveProgram } from './workspace.js';

interface ValidateOptions {
  readonly sampleData?: string;
  readonly update?: boolean;
  readonly json?: boolean;
  readonly runner: 'process' | 'container' | 'sagemaker';
  readonly push: boolean;
  readonly engine?: EngineName;
  readonly image?: string;
  readonly trainingImage?: string;
}

/** Below `.algo`: each way to run the same algorithm is a validation of its own. */
export const VALIDATION_FOLDERS = {
  process: 'validation',
  container: 'container-validation',
  sagemaker: 'sagemaker-validation',
} as const;

export function addValidate(cli: Command): void {
  cli
    .command('validate')
    .summary('validate algorithms with their sample data')
    .description(
      'Validates a product as AWS Marketplace does, and with real-time requests as well: a training job on the sample ' +
        'data, a model from its model.tar.gz, a batch transform, /ping, each sample to /invocations, SIGTERM. Every output is ' +
        'compared with the stored one. In a container, all of it runs again as an arbitrary user and without capabilities.\n' +
        'With --runner sagemaker all of it runs in the AWS account of the credentials, at its cost, with latency and throughput ' +
        'measured; what was made for it is removed in the end.\n' +
        'The results are kept in .algo/validation/NAME, .algo/container-validation/NAME or .algo/sagemaker-validation/NAME.',
    )
    .argument('[algorithms...]', "names in the workspace's folder algorithms, or folders anywhere (default: all names)")
    .option('--sample-data <dir>', 'folder with validation-profile.json (default: sample-data/NAME of the workspace)')
    .option(
      '--update',
      'with --runner process or container: replace the stored outputs with those of this run, instead of comparing',
    )
    .option('--json', 'print validation.json, one line per algorithm; progress goes to stderr')
    .addOption(
      new Option(
        '--runner <runner>',
        'run the program as a process, its image as a container without network, or the image in your AWS account',
      )
        .choices(['process', 'container', 'sagemaker'])
        .default('process'),
    )
    .addOption(engineOption())
    .option('--image <reference>', "image for --runner container or sagemaker (default: the algorithm's name)")
    .option(
      '--training-image <reference>',
      'with --runner container: image that trains; --image must answer as it does with its model (default: one image for both)',
    )
    .option('--no-push', 'with --runner sagemaker: ECR has the image already, or algo up runs the program')
    .option('--region <name>', "with --runner sagemaker: Region (default: that of AWS's own variables, else us-east-1)")
    .option('--bucket <name>', 'with --runner sagemaker: bucket (default: sagemaker-REGION-ACCOUNT)')
    .action(validate);
}

// --- internal ---

/** Those that only a validation in an account has, by the names that commander gives them. */
const ACCOUNT_OPTIONS: Readonly<Record<string, string>> = { push: '--no-push', region: '--region', bucket: '--bucket' };

async function validate(names: readonly string[], options: ValidateOptions, command: Command): Promise<void> {
  const from = process.cwd();
  const chosen = names.length > 0 ? names : listAlgorithms(from);
  if (options.sampleData !== undefined && chosen.length > 1) {
    throw new ArgumentError(
      `--sample-data needs exactly one algorithm; received ${chosen.length}: ${chosen.join(', ')}.`,
    );
  }
  if (options.image !== undefined && (chosen.length > 1 || options.runner === 'process')) {
    throw new ArgumentError('--image needs --runner container or sagemaker and exactly one algorithm.');
  }
  if (options.trainingImage !== undefined && (chosen.length > 1 || options.runner !== 'container')) {
    throw new ArgumentError('--training-image needs --runner container and exactly one algorithm.');
  }
  if (options.trainingImage !== undefined && options.update) {
    throw new ArgumentError('--update stores the outputs of one image: leave --training-image out.');
  }
  if (options.update && options.runner === 'sagemaker') {
    throw new ArgumentError('--update needs --runner process or container.');
  }
  const forAccount = Object.keys(ACCOUNT_OPTIONS).find((name) => command.getOptionValueSource(name) === 'cli');
  if (forAccount !== undefined && options.runner !== 'sagemaker') {
    throw new ArgumentError(`${ACCOUNT_OPTIONS[forAccount]} needs --runner sagemaker.`);
  }
  if (options.runner === 'sagemaker') {
    const { validateOnSageMaker } = await import('./validate-sagemaker.js');
    return validateOnSageMaker(chosen, options);
  }
  const isContainer = options.runner === 'container';
  const open = (name: string) =>
    isContainer ? openImages(name, from, options) : { program: resolveProgram(name, from) };
  for (const name of names) (isContainer ? resolveAlgorithm : resolveProgram)(name, from); // a wrong name is wrong usage
  const terminal = createTerminal(options.json ? process.stderr : process.stdout);
  const interrupt = listenForInterrupt(() => terminal.line('Stopping.'));
  const outcomes: Outcome[] = [];
  try {
    for (const name of chosen) {
      if (interrupt.signal.aborted) break;
      outcomes.push(await validateOne(name, () => open(name), options, terminal, interrupt));
    }
  } finally {
    terminal.endProgress();
    interrupt.close();
  }
  if (options.json) for (const { validation } of outcomes) if (validation) console.log(JSON.stringify(validation));
  report(outcomes, terminal);
  const failed = outcomes.find((outcome) => outcome.cause !== undefined);
  if (failed) throw new JobError(`${failed.algorithm}: ${failed.cause}`);
  if (interrupt.signal.aborted) throw new JobError('stopped');
}

async function validateOne(
  name: string,
  open: () => Programs | Promise<Programs>,
  options: ValidateOptions,
  terminal: Terminal,
  interrupt: Interrupt,
): Promise<Outcome> {
  const from = process.cwd();
  let programs: Programs | undefined;
  try {
    programs = await open();
    const { program, trainingProgram } = programs;
    const description = await describeProgram(trainingProgram ?? program);
    if (trainingProgram) requireSameProduct(description, await describeProgram(program));
    const validation = await validateAlgorithm({
      ...{ program, trainingProgram, description },
      sampleData: findSampleData(program, options.sampleData, from),
      directory: outputFolder(from, VALIDATION_FOLDERS[options.runner], description.Name),
      isUpdate: options.update ?? false,
      stop: interrupt.signal,
      onEvent: createListener(description.Name, terminal),
    });
    const { algorithm, cause } = validation;
    return { algorithm, validation, ...(cause !== undefined && { cause }) };
  } catch (error) {
    return { algorithm: basename(name), cause: error instanceof Error ? error.message : String(error) };
  } finally {
    terminal.endProgress();
    await closeAll(programs);
  }
}

interface Programs {
  readonly program: Program;
  /** Where another image trains. */
  readonly trainingProgram?: Program | undefined;
}

async function openImages(
  name: string,
  from: string,
  { trainingImage, ...options }: ValidateOptions,
): Promise<Programs> {
  const program = await openImage(name, from, options);
  if (trainingImage === undefined) return { program };
  try {
    return { program, trainingProgram: await openImage(name, from, { ...options, image: trainingImage }) };
  } catch (error) {
    await closeAll({ program });
    throw error;
  }
}

async function closeAll({ program, trainingProgram }: Partial<Programs> = {}): Promise<void> {
  for (const one of [program, trainingProgram]) if (one && isImageProgram(one)) await one.sandbox?.close();
}
