/** `algo report`: the buyer's page of a product, from its last validation. */
import { join, relative } from 'node:path';
import { ArgumentError, describeProgram, type EngineName, isImageProgram, type Program } from '@algo/local';
import { type Command, Option } from 'commander';
import { engineOption, imageName, openImage } from './engine-option.js';
import { listenForInterrupt } from './interrupt.js';
import { fileOfOption } from './output-paths.js';
import { createTerminal } from './terminal.js';
import { VALIDATION_FOLDERS } from './validate.js';
import { findSampleData, outputFolder, resolveProgram } from './workspace.js';

interface ReportOptions {
  readonly sampleData?: string;
  readonly out?: string;
  readonly runner: 'process' | 'container';
  readonly engine?: EngineName;
  readonly image?: string;
}

export function addReport(cli: Command): void {
  cli
    .command('report')
    .summary("write a product's page for buyers")
    .description(
      'Writes one HTML file about the last validation of a product: what it does, its training data, training curves, the ' +
        'quality of its predictions, feature importance, hyperparameters, samples, logs and times. The model is served again to be ' +
        'measured on labelled rows: "holdOut" of validation-profile.json, else the channel "validation".',
    )
    .argument('<algorithm>', "an algorithm's folder, or its name in the workspace's folder algorithms")
    .option('--sample-data <dir>', 'folder with the data card (default: sample-data/NAME of the workspace)')
    .option('--out <file>', 'the HTML file (default: .algo/report/NAME.html of the workspace)')
    .addOption(
      new Option('--runner <runner>', 'of the validation: a process, or the image as a container without network')
        .choices(['process', 'container'])
        .default('process'),
    )
    .addOption(engineOption())
    .option('--image <reference>', "image for --runner container (default: the algorithm's name)")
    .action(report);
}

// --- internal ---

async function report(algorithm: string, options: ReportOptions): Promise<void> {
  const from = process.cwd();
  const given = options.out === undefined ? undefined : fileOfOption('--out', options.out, from);
  const { writeReport } = await import('@algo/listing');
  const isContainer = options.runner === 'container';
  if (options.image !== undefined && !isContainer) throw new ArgumentError('--image needs --runner container.');
  const program: Program = isContainer ? await openImage(algorithm, from, options) : resolveProgram(algorithm, from);
  const terminal = createTerminal(process.stdout);
  const interrupt = listenForInterrupt(() => terminal.line('Stopping.'));
  try {
    const definition = await describeProgram(program);
    const name = definition.Name;
    const file = given ?? outputFolder(from, 'report', `${name}.html`);
    const image = options.image === undefined ? '' : ` --image ${options.image}`;
    const data = options.sampleData === undefined ? '' : ` --sample-data ${options.sampleData}`;
    const runner = isContainer ? ` --runner container${image}` : '';
    const command = (verb: string) => `npx algo ${verb} ${algorithm}${data}${runner}`;
    const { bytes, leftOut } = await writeReport({
      ...{ program, definition, folder: program.folder, from, file },
      sampleData: findSampleData(program, options.sampleData, from),
      directory: outputFolder(from, VALIDATION_FOLDERS[options.runner], name),
      checkFolder: outputFolder(from, 'image', imageName(program.folder)),
      workDirectory: outputFolder(from, 'report', `${name}-server`),
      commands: {
        validate: command('validate'),
        report: command('report'),
        check: `npx algo image check ${algorithm}`,
      },
      stop: interrupt.signal,
      onStage: (stage) => terminal.progress(`${name}: ${stage}`),
    });
    terminal.endProgress();
    for (const { part, reason } of leftOut) terminal.line(`Left out: ${part}: ${reason}`);
    terminal.line(`${relative(from, file) || join('.', file)}, ${(bytes / 1000).toFixed(0)} kB`);
  } finally {
    terminal.endProgress();
    interrupt.close();
    if (isImageProgram(program)) await program.sandbox?.close();
  }
}
