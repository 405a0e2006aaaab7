/**
 * `algo image`: an algorithm's image, built, served, checked, and the commands that push it. Docker, podman or buildah
 * do the work, whichever is installed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import {
  ArgumentError,
  buildImage,
  type CheckItem,
  checkImage,
  describeProgram,
  type EngineName,
  findEngine,
  type ImageCheck,
  type ImageCheckRequest,
  JobError,
  locateProgram,
  planPush,
} from '@algo/local';
import { type Command, Option } from 'commander';
import { engineOption, imageName, openImage } from './engine-option.js';
import { checkFolders, forgetChecks } from './image-checks.js';
import { addServeOptions, type ServeOptions, serve } from './serve.js';
import { createTerminal, formatTable, type Style } from './terminal.js';
import { findWorkspace, resolveAlgorithm } from './workspace.js';

interface ImageOptions {
  readonly engine?: EngineName;
  readonly image?: string;
}

const ALGORITHM = "an algorithm's folder, or its name in the workspace's folder algorithms";

export function addImage(cli: Command): void {
  const image = cli
    .command('image')
    .summary("build, run and check an algorithm's image")
    .description("Builds, runs and checks an algorithm's image with docker, podman or buildah, whichever works.");
  const add = (name: string, description: string) =>
    image
      .command(name)
      .description(description)
      .argument('<algorithm>', ALGORITHM)
      .addOption(engineOption())
      .option('-i, --image <reference>', "the image (default: the algorithm's name)");

  add('build', "Builds the image from the algorithm's Dockerfile: linux/amd64, one manifest.")
    .option('--target <stage>', 'stage of the Dockerfile (default: the last one); its name goes into the tag')
    .addOption(
      new Option(
        '--system <part>',
        'how much of Debian slim: what Node needs, or all of it for a scanner that cannot read less; the tag is then "full"',
      ).choices(['minimal', 'full']),
    )
    .addOption(new Option('--pull <policy>', 'when to fetch the base images').choices(['missing', 'always', 'never']))
    .option('--no-cache', 'rebuild every step, for the newest security updates')
    .action(build);
  addServeOptions(
    add('run', "Serves a model from the image like a buyer's endpoint: without a network, until Ctrl-C."),
  ).action(run);
  add(
    'check',
    'Reads the built image: manifest, platform, entrypoint, labels, size, files, packages, licences, updates.',
  )
    .option('--training', 'of a product with two images, it is the one that trains; "algo listing check" reads both')
    .option('--json', 'print check.json')
    .action(check);
  add('push-plan', 'Prints the commands that push the image to Amazon ECR and scan it there, without running them.')
    .requiredOption('--account <id>', "the seller's AWS account ID, 12 digits")
    .option('--region <name>', 'Region of the registry', 'us-east-1')
    .option('--repository <name>', "ECR repository (default: the image's name)")
    .action(pushPlan);
}

// --- internal ---

interface BuildOptions extends ImageOptions {
  readonly target?: string;
  readonly system?: 'minimal' | 'full';
  readonly pull?: 'missing' | 'always' | 'never';
  readonly cache: boolean;
}

async function build(algorithm: string, options: BuildOptions): Promise<void> {
  const folder = resolveAlgorithm(algorithm, process.cwd());
  const engine = await findEngine('build', options.engine);
  const { target, system, pull } = options;
  const tag = [target, system === 'full' ? system : undefined].filter((part) => part !== undefined).join('-');
  const image = options.image ?? `${imageName(folder)}${tag === '' ? '' : `:${tag}`}`;
  const terminal = createTerminal(process.stdout);
  const started = performance.now();
  await buildImage({
    engine,
    folder,
    context: findWorkspace(folder) ?? folder,
    image,
    target,
    system,
    pull,
    hasNoCache: !options.cache,
    onLine: (line) => terminal.line(terminal.style('dim', line)),
  });
  forgetChecks(image, checkFolders(process.cwd(), imageName(folder)));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  terminal.line(`${terminal.style('green', 'Built')} ${image} with ${engine.name} ${engine.version} in ${seconds} s`);
}

async function run(algorithm: string, options: ImageOptions & ServeOptions): Promise<void> {
  const program = await openImage(algorithm, process.cwd(), options);
  try {
    await serve(program, options);
  } finally {
    await program.sandbox?.close();
  }
}

interface CheckOptions extends ImageOptions {
  readonly training?: true;
  readonly json?: true;
}

async function check(algorithm: string, options: CheckOptions): Promise<void> {
  const from = process.cwd();
  const folder = resolveAlgorithm(algorithm, from);
  const engine = await findEngine('read', options.engine);
  const name = imageName(folder);
  const image = options.image ?? name;
  const terminal = createTerminal(options.json ? process.stderr : process.stdout);
  terminal.progress(`${image}: check`);
  const directory = checkFolders(from, name)[options.training ? 1 : 0];
  const parts = { version: readVersion(folder), ...(await readDefinition(folder)) };
  const result = await checkImage({ engine, image, directory, ...parts }).finally(() => terminal.endProgress());
  if (options.json) console.log(JSON.stringify(result));
  else report(result);
  if (result.result === 'failed') {
    const failed = result.items.filter((item) => item.result === 'failed').map((item) => item.name);
    throw new JobError(`${image}: ${failed.join(', ')} failed`);
  }
}

function report(check: ImageCheck): void {
  const terminal = createTerminal(process.stdout);
  const colours: Readonly<Record<CheckItem['result'], Style>> = {
    passed: 'green',
    failed: 'red',
    warning: 'yellow',
    unknown: 'yellow',
  };
  const rows = check.items.map(({ name, result, text }) => [name, result, text]);
  for (const [i, line] of formatTable([['check', 'result', 'found'], ...rows]).entries()) {
    const result = check.items[i - 1]?.result;
    if (result === undefined) terminal.line(terminal.style('bold', line));
    else terminal.line(line.replace(` ${result} `, ` ${terminal.style(colours[result], result)} `));
  }
  terminal.line('');
  terminal.line(`Files: ${relative(process.cwd(), check.directory)}`);
}

interface PushPlanOptions extends ImageOptions {
  readonly account: string;
  readonly region: string;
  readonly repository?: string;
}

async function pushPlan(algorithm: string, options: PushPlanOptions): Promise<void> {
  const folder = resolveAlgorithm(algorithm, process.cwd());
  const engine = await findEngine('read', options.engine);
  const version = readVersion(folder);
  if (version === undefined)
    throw new ArgumentError(`${join(folder, 'package.json')} must have a version; it has none.`);
  const image = options.image ?? imageName(folder);
  for (const command of planPush({ ...options, engine, image, version })) console.log(command);
}

/** What the program in the folder says; nothing when it has not been built. */
async function readDefinition(folder: string): Promise<Pick<ImageCheckRequest, 'capabilities' | 'isDistributed'>> {
  let program: ReturnType<typeof locateProgram>;
  try {
    program = locateProgram(folder);
  } catch (error) {
    if (error instanceof ArgumentError) return {};
    throw error;
  }
  const { Capabilities, TrainingSpecification } = await describeProgram(program);
  return {
    capabilities: { 'bidirectional-streaming': Capabilities.Conversation !== undefined },
    isDistributed: TrainingSpecification?.SupportsDistributedTraining ?? false,
  };
}

/** Of the algorithm's package.json, which its program repeats. */
function readVersion(folder: string): string | undefined {
  const file = resolve(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const hasVersion = typeof value === 'object' && value !== null && 'version' in value;
  return hasVersion ? String(value.version) : undefined;
}
