import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { notebookPython } from '../../src/notebooks/python.js';
import { makeFolder } from '../support/folder.js';

/** Makes environments as python3 does, which say who they are; waits until two are being made. */
const PYTHON = `#!/bin/sh
if [ "$1" = -c ]; then echo 3.12.1; exit 0; fi
: > "$BARRIER/$$"
until [ "$(ls "$BARRIER" | wc -l)" -ge 2 ]; do sleep 0.01; done
mkdir -p "$3/bin"
set -C
printf '#!/bin/sh\\nexit 0\\n' > "$3/bin/python"
chmod +x "$3/bin/python"
`;

it('two first uses at the same time leave one environment, which both can use', async () => {
  const folder = makeFolder({ 'bin/python3': PYTHON, 'barrier/.keep': '' });
  chmodSync(join(folder, 'bin/python3'), 0o755);
  const cache = join(folder, 'cache');
  const environment = {
    ...{ PATH: `${join(folder, 'bin')}:${process.env.PATH}`, XDG_CACHE_HOME: cache },
    BARRIER: join(folder, 'barrier'),
  };

  const [first, second] = await Promise.all([0, 1].map(() => notebookPython(environment, () => undefined)));

  expect(first!.program).toBe(second!.program);
  const made = readdirSync(join(cache, 'algo-notebooks'), { withFileTypes: true });
  expect(made.map((entry) => (entry.isSymbolicLink() ? 'link' : 'folder')).sort()).toEqual(['folder', 'link']);
  expect(readdirSync(join(first!.program, '../..'))).toEqual(expect.arrayContaining(['bin', 'complete']));
});
