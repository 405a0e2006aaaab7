/** How the programs of hosts end. */
import { expect, it } from 'vitest';
import { startHosts } from './cluster.js';

it('signals at the end do not change the exit code of a host whose work is done', async () => {
  const all = await startHosts({ size: 2, behaviour: 'collectives' });
  await Promise.all([all[0]!.printed('saved model'), all[1]!.printed('done in')]);

  const storm = setInterval(() => {
    for (const { process } of all) process.kill('SIGTERM');
  }, 1);
  const codes = await Promise.all(all.map((host) => host.ended()));
  clearInterval(storm);

  expect(codes, all.map((host) => host.output()).join('\n')).toEqual([0, 0]);
});
