import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { startProgram, untilLogged } from './running-program.js';

/** Bytes that new objects have room for, after many that live until some others have come. */
function grown(start: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepYoungGenerationSmall } from '${new URL('../../dist/serve/young-generation.js', import.meta.url)}';
    ${start}
    const kept = [];
    for (let i = 0; i < 300_000; i++) kept[i % 20_000] = { i, text: 'x' + i, list: [i, i] };
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;
  return Number(spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout);
}

it('the young generation does not grow with objects that live for a while', () => {
  const [small, usual] = [grown('keepYoungGenerationSmall();'), grown('')];

  expect(small).toBeGreaterThan(0);
  expect(small).toBeLessThan(usual / 2);
});

/** Prints the process that keeps it small, by whatever function. */
const PRINTS = `data:text/javascript,${encodeURIComponent(`
  const v8 = process.getBuiltinModule('node:v8');
  const set = v8.setFlagsFromString;
  v8.setFlagsFromString = (flags) => {
    console.log('small in ' + process.pid);
    set(flags);
  };`)}`;

it('it is kept small before the server is loaded, where the process that listens answers by itself, and in no worker', async () => {
  const options = { workers: 1, execArgv: ['--import', PRINTS] };
  const bounded = { model: { boundedRows: 2 }, variables: { ALGO_IS_BOUNDED: '1' } };

  const programs = await Promise.all([startProgram({ ...options, ...bounded }), startProgram(options)]);
  await Promise.all(programs.map((program) => untilLogged(program, /model ready/)));
  const [own, others] = programs;
  const [first] = own.lines;

  expect(first).toBe(`small in ${own.child.pid}`);
  expect(own.lines.filter((line) => line.startsWith('small in ') && line !== first)).toEqual([]);
  expect(others.lines.filter((line) => line.startsWith('small in '))).toEqual([]);
});
