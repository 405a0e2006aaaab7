/** `algo report` for a program that is none of ours. Commands run as their users run them: needs `npm run build`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { algo, makeWorkspace, write } from './support/command.js';

/** Its model's sum is 10: a row of 1 is predicted as 11. */
function makeLabelledWorkspace(): string {
  const folder = makeWorkspace();
  const path = join(folder, 'sample-data/sum/validation-profile.json');
  const profile = {
    ...JSON.parse(readFileSync(path, 'utf8')),
    holdOut: { path: 'hold-out.csv' },
    columnNames: ['total', 'part'],
  };
  return write(folder, {
    'sample-data/sum/validation-profile.json': JSON.stringify(profile),
    'sample-data/sum/hold-out.csv': '11,1\n13,2\n13,3\n14.5,4\n',
  });
}

it('writes the page of the last validation, measured with the labels of the hold-out', async () => {
  const folder = makeLabelledWorkspace();
  expect((await algo(folder, 'validate', 'sum')).code).toBe(0);

  const { code, stdout, stderr } = await algo(folder, 'report', 'sum', '--out', 'page.html');

  expect(stderr).toBe('');
  expect(stdout).toMatch(/^page\.html, \d+ kB\n$/);
  expect(code).toBe(0);
  const page = readFileSync(join(folder, 'page.html'), 'utf8');
  // Predicted are 11, 12, 13, 14: the errors are 0, −1, 0, −0.5, and √(1.25 / 4) is 0.559.
  expect(page).toContain('<dt>Root mean squared error</dt><dd>0.559</dd>');
  expect(page).toContain('<dt>Mean absolute error</dt><dd>0.375</dd>');
  expect(page).toContain('4 rows of <code>hold-out.csv</code> were sent to the served model without their label');
  expect(page).toMatch(/<th scope="row">part<\/th>/);
  expect(page).toContain('npx algo report sum');
  const [, ready] = /<td>\/ping 200 after ([\d.]+ s)/.exec(page)!;
  expect(page).toContain(`<dt>Start to first /ping</dt><dd>${ready}</dd>`);
  expect(existsSync(join(folder, '.algo/report/sum-server'))).toBe(false);
});

it('asks for a validation where there is none, and for a container where an image is given', async () => {
  const folder = makeWorkspace();

  const { code, stderr } = await algo(folder, 'report', 'sum');
  const withImage = await algo(folder, 'report', 'sum', '--image', 'sum:1');

  expect(withImage).toMatchObject({ code: 2, stderr: 'algo: --image needs --runner container.\n' });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^algo: There is no .*validation\.json: .* Run "npx algo validate sum" first\.\n$/);
});
