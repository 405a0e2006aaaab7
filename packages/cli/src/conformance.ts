/**
 * `algo conformance`: the rules of SageMaker's container contract, tried on any image or program. Exit codes: 0 conforms, 1 a rule that must
 * hold is broken, 2 wrong usage.
 */
import { type Command, Option } from 'commander';
import type { ConformanceOptions } from './conformance-run.js';
import { engineOption } from './engine-option.js';

export function addConformance(cli: Command): void {
  cli
    .command('conformance')
    .summary("check an image or a program against SageMaker's container contract")
    .description(
      "Tries every rule of SageMaker's container contract on a container, ours or not, and sees only what the platform sees: " +
        'exit codes, files, signals, HTTP. Each broken rule is reported by its id, with its source and what was received. A rule ' +
        'that cannot be tried for lack of data is reported as not tried, with the reason.\n' +
        'Exit codes: 0 all rules that must hold do, 1 one is broken, 2 wrong usage.',
    )
    .argument(
      '[subject]',
      "an image; a program; a folder with executable files train and serve; an algorithm's folder, or its name in the workspace",
    )
    .option(
      '--profile <path>',
      'what the container needs to be tried: a file (packages/conformance/README.md), or a folder with validation-profile.json ' +
        "(default: an algorithm's sample data)",
    )
    .addOption(
      new Option('--runner <runner>', 'run a program as a process, or the image that has its name').choices([
        'process',
        'container',
      ]),
    )
    .addOption(engineOption())
    .option('--keeper-image <reference>', 'image with Node for the network of an image that has none')
    .addOption(
      new Option(
        '--rule <id>',
        'try this rule only, or all whose ids begin with it: errors (can be repeated)',
      ).argParser(repeated),
    )
    .addOption(new Option('--skip <id>', 'leave out this rule, or all whose ids begin with it').argParser(repeated))
    .option('--list', 'print all rules, and try none')
    .addOption(
      new Option('--schema <of>', 'print the JSON Schema of a profile or of the report as JSON, and try none').choices([
        'profile',
        'report',
      ]),
    )
    .addOption(new Option('--format <format>', 'of the report').choices(['text', 'json', 'junit']).default('text'))
    .option('--out <file>', 'write the report to a file')
    .action(async (subject: string | undefined, options: ConformanceOptions) => {
      const { runConformance } = await import('./conformance-run.js'); // the package of rules, with all that it reads by
      await runConformance(subject, options);
    });
}

// --- internal ---

function repeated(id: string, before: readonly string[] = []): readonly string[] {
  return [...before, id];
}
