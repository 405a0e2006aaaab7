import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundlePrograms } from '../src/bundle-programs.js';

it('bundles several programs of a package into one folder, each with what it imports', () => {
  const root = mkdtempSync(join(tmpdir(), 'bundle-program-'));
  try {
    mkdirSync(join(root, 'programs'));
    writeFileSync(join(root, 'package.json'), '{ "name": "measured", "version": "1.0.0", "license": "MIT" }');
    writeFileSync(join(root, 'common.ts'), 'export const shared: string = "shared";');
    for (const name of ['one', 'two']) {
      const lines = [`import { shared } from '../common.js';`, `console.log('${name}', shared);`];
      writeFileSync(join(root, 'programs', `${name}.ts`), lines.join('\n'));
    }

    const bundles = bundlePrograms(root, ['one', 'two'], root);
    const outputs = [bundles.one, bundles.two].map((file) =>
      execFileSync(process.execPath, [file], { encoding: 'utf8' }),
    );

    expect(outputs).toEqual(['one shared\n', 'two shared\n']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
