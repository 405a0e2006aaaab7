/** The committed reports of the API are those of the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENTRY_POINTS, readApi } from '../src/api.ts';
import { ROOT } from '../src/workspaces.ts';

describe('the API of a package', () => {
  it.each(ENTRY_POINTS)('is that of its committed report: $report', (entry) => {
    const committed = readFileSync(join(ROOT, entry.report), 'utf8');
    expect(
      readApi(entry),
      `The API is not that of ${entry.report}. Run npm run api, review the difference, and commit it.`,
    ).toBe(committed);
  });
});
