/** `algo unpublish`: removes what `algo publish` has made, and nothing else. A dry run unless `--apply`. */
import type { RemovalReport } from '@algo/listing/publish';
import type { Command } from 'commander';
import type { ListingOptions } from './listing-request.js';
import { addAccountOptions, publishRequest } from './publish.js';
import { createTerminal, type Terminal } from './terminal.js';

interface UnpublishOptions extends ListingOptions {
  readonly apply?: true;
  readonly json?: true;
}

export function addUnpublish(cli: Command): void {
  const unpublish = cli
    .command('unpublish')
    .summary('remove what publish has made')
    .description(
      'Removes from the AWS account what "algo publish" has made of this version of a product, by the marks that it left: ' +
        'algorithm or model package, objects, image; then repository, bucket and roles if nothing else is in them. ' +
        'What lacks the marks stays. A version that is on AWS Marketplace stays too. Nothing is removed without --apply.',
    )
    .argument('<algorithm>', "an algorithm's folder, or its name in the workspace's folder algorithms");
  addAccountOptions(unpublish)
    .option('--apply', 'remove what the dry run says')
    .option('--json', 'print what was found as JSON')
    .action(run);
}

// --- internal ---

async function run(algorithm: string, options: UnpublishOptions): Promise<void> {
  const { unpublish } = await import('@algo/listing/publish');
  const terminal = createTerminal(options.json ? process.stderr : process.stdout);
  const request = await publishRequest(algorithm, options, terminal);
  const isDryRun = options.apply !== true;
  const reports = await unpublish(
    { ...request, image: undefined },
    { isDryRun, onReport: (report) => show(terminal, report) },
  );
  if (options.json) console.log(JSON.stringify(reports, null, 2));
  if (reports.length === 0) terminal.line('There is nothing of this version.');
  else if (isDryRun) terminal.line('\nNothing was removed. --apply removes what is "to remove".');
}

function show(terminal: Terminal, { what, state, why }: RemovalReport): void {
  const colour = state === 'removed' ? 'green' : 'yellow';
  terminal.line(`${what}: ${terminal.style(colour, state)}${why === undefined ? '' : `, as ${why}`}`);
}
