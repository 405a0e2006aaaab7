/** Variables of a serving container whose names are nearly right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { misspeltVariables, OWN_VARIABLES } from '../../src/serve/misspelt-variables.js';

describe('a variable of a serving container', () => {
  it('whose name is nearly one of the container is named with that one', () => {
    const sentences = misspeltVariables({ ALGO_BAD_RECORD: 'placeholder', ALGO_LOGFORMAT: 'json' });

    expect(sentences).toEqual([
      "Variable ALGO_BAD_RECORD is the algorithm's own; did you mean ALGO_BAD_RECORDS?",
      "Variable ALGO_LOGFORMAT is the algorithm's own; did you mean ALGO_LOG_FORMAT?",
    ]);
  });

  it("that is right, or plainly the algorithm's own, is not mentioned", () => {
    const own = Object.fromEntries(OWN_VARIABLES.map((name) => [name, '1']));

    expect(misspeltVariables({ ...own, ALGO_THREADS: '2', ALGO_LOG_LEVEL: 'debug' })).toEqual([]);
  });

  it('is in the table of README.md, and the table has no other', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
    const [, section = ''] = /\n## Variables\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));

    const documented = rows.flatMap((row) => row.split('|')[1]!.match(/ALGO_[A-Z_]+/g) ?? []);

    expect(documented.toSorted()).toEqual([...OWN_VARIABLES]);
  });
});
