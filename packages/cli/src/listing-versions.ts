/** `algo listing changes` and `algo listing release`: a version next to the one that buyers have. */
import { JobError } from '@algo/local';
import type { Command } from 'commander';
import { ALGORITHM, type ListingOptions, listingRequestOf, sampleDataOption } from './listing-request.js';
import { createTerminal } from './terminal.js';

export function addListingVersions(listing: Command): void {
  listing
    .command('changes')
    .description(
      'Lists what changed for buyers since the published version: what breaks what they have, and what adds to it. Descriptions, ' +
        'speed and results of training are not compared. Exit code 1 if the version, with the changesets that wait, is too low.',
    )
    .argument('<algorithm>', ALGORITHM)
    .addOption(sampleDataOption())
    .option('--since <file>', 'another published.json, or the output of algo describe, which a release has')
    .option('--json', 'print the changes as JSON')
    .action((algorithm: string, _, command: Command) => changes(algorithm, command.optsWithGlobals()));
  listing
    .command('release')
    .description(
      'Writes listing/published.json: from now on, buyers have this version, and later ones are compared with it.',
    )
    .argument('<algorithm>', ALGORITHM)
    .addOption(sampleDataOption())
    .action((algorithm: string, _, command: Command) => release(algorithm, command.optsWithGlobals()));
}

// --- internal ---

interface ChangesOptions extends ListingOptions {
  readonly since?: string;
  readonly json?: true;
}

async function changes(algorithm: string, { since, json, ...options }: ChangesOptions): Promise<void> {
  const { listChanges } = await import('@algo/listing');
  const found = await listChanges({ ...(await listingRequestOf(algorithm, options)), since });
  if (json) console.log(JSON.stringify(found, null, 2));
  else if (found.published) {
    const terminal = createTerminal(process.stdout);
    for (const { level, text } of found.changes) {
      terminal.line(`${terminal.style(level === 'major' ? 'red' : 'green', level)} ${text}`);
    }
    const { needed, before, after } = found;
    const change = needed === 'none' ? 'nothing changed for buyers' : `a ${needed} change`;
    terminal.line(`${before} to ${after}: ${change}`);
  } else console.log('There is no published version to compare with.');
  if (found.published && found.problem !== undefined) throw new JobError(`The version ${found.problem}.`);
}

async function release(algorithm: string, options: ListingOptions): Promise<void> {
  const { recordRelease } = await import('@algo/listing');
  console.log(await recordRelease(await listingRequestOf(algorithm, options)));
}
