/**
 * `algo describe`: the definition of an algorithm as JSON, in the terms of CreateAlgorithm. The program is run, never
 * imported.
 */
import { describeProgram } from '@algo/local';
import type { Command } from 'commander';
import { resolveProgram } from './workspace.js';

export function addDescribe(cli: Command): void {
  cli
    .command('describe')
    .summary('print the definition of an algorithm as JSON')
    .description(
      "Prints an algorithm's definition as JSON: its name, and CreateAlgorithm's specifications without image and instance types.",
    )
    .argument('<algorithm>', "an algorithm's folder or program, or its name in the workspace's folder algorithms")
    .action(async (algorithm: string) => {
      const description = await describeProgram(resolveProgram(algorithm, process.cwd()));
      console.log(JSON.stringify(description, null, 2));
    });
}
