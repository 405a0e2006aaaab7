import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

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
