/** After an image was built, what was found in the one before is gone. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkFolders, forgetChecks } from '../src/image-checks.js';
import { makeWorkspace, write } from './support/command.js';

it('removes the checks of the image that is built anew, and leaves those of others and unreadable ones', () => {
  const of = (image: string) => JSON.stringify({ image, result: 'passed' });
  const workspace = write(makeWorkspace(), {
    '.algo/image/sum/check.json': of('sum'),
    '.algo/training-image/sum/check.json': of('sum:gpu'),
    '.algo/image/broken/check.json': '{"image":',
  });
  const folders = [...checkFolders(workspace, 'sum'), ...checkFolders(workspace, 'broken')];

  forgetChecks('sum', folders);

  expect(folders.map((folder) => existsSync(join(folder, 'check.json')))).toEqual([false, true, true, false]);
});
