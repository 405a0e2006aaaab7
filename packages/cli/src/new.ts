/**
 * `algo new`: the start of an algorithm, complete enough to be built, tested and validated as it is.
 */
import { relative } from 'node:path';
import { type Command, Option } from 'commander';
import { KINDS, type Kind, writeAlgorithm } from './new-algorithm.js';
import { createTerminal } from './terminal.js';

export function addNew(cli: Command): void {
  cli
    .command('new')
    .summary('add a new algorithm to this repository, ready to be changed')
    .description(
      'Writes algorithms/NAME (definition, maths, tests, Dockerfile, listing texts, README) and sample-data/NAME (data card, ' +
        'data, validation profile, stored outputs). What it writes passes build, tests and validation as it is; change it ' +
        'from there.',
    )
    .argument('<name>', 'lower-case letters, digits and hyphens, at most 63; the name that CreateAlgorithm gets')
    .addOption(
      new Option(
        '--kind <kind>',
        'tabular: rows of numbers; custom: inputs and answers of your own, here text and JSON; model-package: no training',
      )
        .choices(KINDS)
        .default('tabular'),
    )
    .action((name: string, { kind }: { readonly kind: Kind }) => {
      const terminal = createTerminal(process.stdout);
      const { folders, files, workspace } = writeAlgorithm({ name, kind, from: process.cwd() });
      for (const folder of folders) terminal.line(`wrote ${relative(process.cwd(), folder)}`);
      terminal.line(`${files} files. Next (npm install adds the new package to package-lock.json: commit it, too):`);
      terminal.line('');
      terminal.line('    npm install');
      terminal.line(`    npm run validate -- ${name}`);
      terminal.line(`    npm test --workspace ${workspace}`);
      terminal.line(`    npx algo listing check ${name}`);
    });
}
