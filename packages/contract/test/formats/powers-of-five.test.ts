/** The table of the Eisel-Lemire algorithm against entries of the published one (fast_float, fast_table.h). */
import { expect, it } from 'vitest';
import { powersOfFive } from '../../src/formats/text/powers-of-five.js';

it.each([
  [-342, 0xeef453d6923bd65an, 0x113faa2906a13b3fn],
  [-341, 0x9558b4661b6565f8n, 0x4ac7ca59a424c507n],
  [-340, 0xbaaee17fa23ebf76n, 0x5d79bcf00d2df649n],
  [-1, 0xccccccccccccccccn, 0xcccccccccccccccdn],
  [0, 0x8000000000000000n, 0n],
  [1, 0xa000000000000000n, 0n],
  [308, 0x8e679c2f5e44ff8fn, 0x570f09eaa7ea7648n],
])('has the published value of 10 to the power %i', (exponent, upper, lower) => {
  const index = (exponent + 342) * 2;

  expect([...powersOfFive().subarray(index, index + 2)]).toEqual([upper, lower]);
});
