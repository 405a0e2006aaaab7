/** `algo rename`: makes the template one's own. */
import type { Command } from 'commander';
import { renameScope } from './rename-scope.js';
import { createTerminal } from './terminal.js';

export function addRename(cli: Command): void {
  cli
    .command('rename')
    .summary("give this repository's packages a scope of your own")
    .description(
      "Replaces the scope of this repository's packages in all files that git does not ignore: package.json files and the lock " +
        'file, imports, documents, scripts and Dockerfiles. Running it again changes nothing.',
    )
    .requiredOption('--scope <scope>', 'the new scope, such as @acme')
    .option('--force', 'also rewrite files with changes that are not committed', false)
    .action(({ scope, force }: { readonly scope: string; readonly force: boolean }) => {
      const terminal = createTerminal(process.stdout);
      const { previous, files } = renameScope({ scope, from: process.cwd(), isForced: force });
      if (files.length === 0) {
        terminal.line(`The packages have the scope ${scope} already.`);
        return;
      }
      terminal.line(`${previous} is now ${scope}, in ${files.length} files. Next:`);
      terminal.line('');
      terminal.line('    npm install');
      terminal.line('    npm run format');
      terminal.line('    npm test');
    });
}
