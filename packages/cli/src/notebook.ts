/** `algo notebook`: the notebooks with which buyers learn a product: made, run, and published. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ArgumentError, describeProgram } from '@algo/local';
import { type Command, Option } from 'commander';
import { engineOption } from './engine-option.js';
import { listenForInterrupt } from './interrupt.js';
import { type ProgramOptions, withLocalApi } from './local-api.js';
import { folderOfOption } from './output-paths.js';
import { createTerminal, type Terminal } from './terminal.js';
import { findSampleData, resolveProgram } from './workspace.js';

const ALGORITHM = "an algorithm's folder, or its name in the workspace's folder algorithms";
const DEFAULT_FOLDER = 'notebooks/NAME of the workspace';

export function addNotebook(cli: Command): void {
  const notebook = cli
    .command('notebook')
    .description('The notebooks with which buyers learn a product: make, run and publish them.');
  notebook
    .command('new')
    .description(
      "Writes a product's notebooks from its definition, product.yaml, notebook.yaml and sample data: for an algorithm one on the " +
        'algorithm, one on a model package and one on running it in production; for a product without training the second one. ' +
        'From then on they are yours to change.',
    )
    .argument('<algorithm>', ALGORITHM)
    .option('--to <dir>', `folder for the notebooks (default: ${DEFAULT_FOLDER})`)
    .option('--force', 'replace notebooks that are there')
    .action(makeNew);
  notebook
    .command('run')
    .description(
      'Executes notebooks from their first cell to their last against an API of this machine, as "algo up" serves it, and ' +
        'compares what cells with the tag sample-output print with the stored samples. The notebooks of an algorithm run in a ' +
        'copy of the repository that its buyers get, and the algorithm and a model package are made from the documents of its listing. ' +
        'Needs Python 3.11 or newer; the packages that notebooks need are installed into ~/.cache/algo-notebooks.',
    )
    .argument('<names...>', `${ALGORITHM}; or files of notebooks, whose cells run in the folder of their file`)
    .option('--arn <arn>', "what is typed as the product's ARN, into the cell with the tag product-arn")
    .option(
      '--from <dir>',
      'run the notebooks of a repository that was exported, in it, in the place of those of the workspace',
    )
    .addOption(
      new Option(
        '--runner <runner>',
        'how the API of this machine runs programs: as processes, or images as containers',
      )
        .choices(['process', 'container'])
        .default('process'),
    )
    .addOption(engineOption())
    .option('--aws', "run against AWS, with this shell's credentials and Region: this costs money")
    .option('--write', 'store the outputs in the notebooks, without account numbers')
    .action(run);
  notebook
    .command('export')
    .description(
      'Writes the public repository of a listing: notebooks, training data, inputs and outputs in the folders of the templates of ' +
        'AWS, README and licence. Its notebooks run in it as it is.',
    )
    .argument('<algorithm>', ALGORITHM)
    .requiredOption('--to <dir>', 'folder for the repository')
    .option(
      '--model-package',
      "the repository of an algorithm's trained model that is a product of its own, with its notebook alone",
    )
    .option(
      '--repository-url <url>',
      'of the public repository, https://github.com/OWNER/NAME: prints links for product.yaml',
    )
    .option('--write-links', 'write them into listing/product.yaml; its other lines stay')
    .action(writeRepository);
}

// --- internal ---

async function productOf(algorithm: string) {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const definition = await describeProgram(program);
  const sampleData = findSampleData(program, undefined, from);
  const folder = join(dirname(dirname(program.folder)), 'notebooks'); // next to the folder algorithms
  return {
    request: { folder: program.folder, definition, sampleData, from },
    notebooks: join(folder, definition.Name),
    licence: join(dirname(folder), 'LICENSE'),
  };
}

interface NewOptions {
  readonly to?: string;
  readonly force?: true;
}

async function makeNew(algorithm: string, { to, force }: NewOptions): Promise<void> {
  const given = to === undefined ? undefined : folderOfOption('--to', to, process.cwd());
  const { newNotebooks, writtenNotebook } = await import('@algo/listing');
  const product = await productOf(algorithm);
  const folder = given ?? product.notebooks;
  const made = await newNotebooks(product.request);
  const pathOf = (file: string) => relative(process.cwd(), join(folder, file));
  const there = made.find(({ file }) => existsSync(join(folder, file)));
  if (there && !force) throw new ArgumentError(`${pathOf(there.file)} is there already. Replace it with --force.`);
  mkdirSync(folder, { recursive: true });
  for (const { file, notebook } of made) {
    writeFileSync(join(folder, file), writtenNotebook(notebook));
    console.log(pathOf(file));
  }
}

interface RunOptions extends ProgramOptions {
  readonly arn?: string;
  readonly from?: string;
  readonly aws?: true;
  readonly write?: true;
}

async function run(names: readonly string[], options: RunOptions): Promise<void> {
  if (options.from !== undefined && (names.length > 1 || isFile(names[0]!))) {
    throw new ArgumentError('--from needs exactly one algorithm, whose product is made.');
  }
  if (options.aws && options.arn === undefined && names.some((name) => !isFile(name))) {
    throw new ArgumentError('--aws needs --arn, the ARN of a subscription to the product.');
  }
  if (options.aws && options.runner === 'container')
    throw new ArgumentError('--runner is for the API of this machine.');
  if (options.engine !== undefined && options.runner !== 'container') {
    throw new ArgumentError('--engine needs --runner container.');
  }
  const works: Work[] = [];
  for (const name of names) works.push(isFile(name) ? fileWork(name, options) : await productWork(name, options));
  const { notebookPython } = await import('@algo/listing');
  const terminal = createTerminal(process.stdout);
  const interrupt = listenForInterrupt(() =>
    terminal.line('Stopping: the clean-up still runs. Ctrl-C again ends it, too.'),
  );
  try {
    const python = await notebookPython(process.env, (line) => terminal.line(line));
    const common = { python, isWritten: options.write ?? false, stop: interrupt.signal };
    for (const work of works) {
      if (options.aws) await work({ ...common, environment: process.env }, terminal);
      else await withLocalApi(options, (environment, url) => work({ ...common, environment, url }, terminal));
    }
  } finally {
    terminal.endProgress();
    interrupt.close();
  }
}

interface Common {
  readonly python: { readonly program: string; readonly variables: Readonly<Record<string, string>> };
  readonly isWritten: boolean;
  readonly stop: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Of the API of this machine. */
  readonly url?: string;
}

/** What is executed for one of the names. */
type Work = (common: Common, terminal: Terminal) => Promise<void>;

function isFile(name: string): boolean {
  return name.endsWith('.ipynb');
}

function fileWork(file: string, { arn }: RunOptions): Work {
  return async (common, terminal) => {
    const { runNotebook } = await import('@algo/listing');
    await runNotebook({ ...common, file, arn, onCell: (cell, seconds) => showCell(terminal, file, cell, seconds) });
    showResult(terminal, file, true);
  };
}

/** @throws ArgumentError before anything is started, where there are no notebooks to run */
async function productWork(name: string, { arn, from }: RunOptions): Promise<Work> {
  const { makeProduct, notebookFiles, runProductNotebooks } = await import('@algo/listing');
  const { request, notebooks } = await productOf(name);
  const repository = from === undefined ? undefined : resolve(from);
  const shown = from ?? (relative(process.cwd(), notebooks) || '.');
  if (notebookFiles(shown).length === 0) {
    const command = from === undefined ? `new ${name}` : `export ${name} --to ${from}`;
    throw new ArgumentError(`${shown} must have notebooks; it has none. Make them with "algo notebook ${command}".`);
  }
  return async (common, terminal) => {
    terminal.progress(`${basename(notebooks)}: making the product`);
    const made = common.url === undefined ? {} : await makeProduct(request, common.url);
    const typed = arn?.includes(':model-package/') ? { modelPackage: arn } : { algorithm: arn };
    await runProductNotebooks({
      ...common,
      ...{ request, notebooks: shown, repository, arns: arn === undefined ? made : typed },
      onCell: (file, cell, seconds) => showCell(terminal, file, cell, seconds),
      onNotebook: (file, isRun) => showResult(terminal, file, isRun),
    });
  };
}

/** The live line shows the cell that runs; in a pipe each finished cell is one line. */
function showCell(terminal: Terminal, file: string, cell: string, seconds: number | undefined): void {
  if (seconds === undefined) terminal.progress(`${file}: ${cell}`);
  else if (!terminal.isLive) terminal.line(`${file}: ${cell} ${seconds.toFixed(2)} s`);
}

function showResult(terminal: Terminal, file: string, isRun: boolean): void {
  terminal.endProgress();
  const result = isRun
    ? terminal.style('green', 'passed')
    : terminal.style('yellow', 'left out: --arn names no product of its kind');
  terminal.line(`${file}: ${result}`);
}

interface ExportOptions {
  readonly to: string;
  readonly repositoryUrl?: string;
  readonly modelPackage?: true;
  readonly writeLinks?: true;
}

async function writeRepository(
  algorithm: string,
  { to, repositoryUrl, modelPackage: isModelPackage, writeLinks }: ExportOptions,
): Promise<void> {
  if (writeLinks && repositoryUrl === undefined) throw new ArgumentError('--write-links needs --repository-url.');
  const directory = folderOfOption('--to', to, process.cwd());
  const { exportedNotebooks, exportRepository, repositoryLinks, withLinks } = await import('@algo/listing');
  const { request, notebooks, licence } = await productOf(algorithm);
  const [first = ''] = exportedNotebooks(request.definition, notebooks, isModelPackage);
  const links = repositoryUrl === undefined ? undefined : repositoryLinks(repositoryUrl, first);
  const files = await exportRepository({ ...request, notebooks, directory, licence, repositoryUrl, isModelPackage });
  console.log(`${files.length} files in ${directory}`);
  if (!links) return;
  const product = join(request.folder, 'listing', 'product.yaml');
  const shown = relative(process.cwd(), product);
  if (writeLinks) writeFileSync(product, withLinks(readFileSync(product, 'utf8'), links, shown));
  console.log(`\n${writeLinks ? `Written into ${shown}` : 'For product.yaml'}:\n\nlinks:`);
  for (const [name, url] of Object.entries(links)) console.log(`  ${name}: ${url}`);
}
