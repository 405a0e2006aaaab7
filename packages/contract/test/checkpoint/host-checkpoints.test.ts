/** Checkpoints of jobs on several hosts, or on another number of them. */
import { describe, expect, it } from 'vitest';
import { oneHost } from '../../src/cluster/communicator.js';
import { JOB, useStores } from './stores.js';

const stores = useStores();
const { file, names, startJob } = stores;

describe('the files of a checkpoint', () => {
  it('have the name of the host in a job on several, so that none is another’s', () => {
    const onHost = (host: string) => startJob({ host, hostCount: 3 });
    for (const round of [1, 2, 3]) {
      for (const host of ['algo-1', 'algo-10']) onHost(host).write('state', `round ${round} of ${host}`, JOB);
    }

    expect(names()).toEqual(['state.algo-1.2', 'state.algo-1.3', 'state.algo-10.2', 'state.algo-10.3']);
    expect(onHost('algo-1').read('state', JOB)?.toString()).toBe('round 3 of algo-1');
    expect(onHost('algo-10').read('state', JOB)?.toString()).toBe('round 3 of algo-10');
    expect(onHost('algo-2').read('state', JOB)).toBeUndefined();
  });

  describe('of a job on more or fewer hosts', () => {
    const onHosts = (hostCount: number) => startJob({ hostCount, hyperparameters: { depth: 3 } });
    const stateOf = (hostCount: number) => onHosts(hostCount).ofJob({ file: 'state', data: {}, free: [] });

    it.each([
      [2, 3],
      [2, 1],
      [1, 3],
    ])('are an E_CHECKPOINT error that says so: %i, then %i', (before, after) => {
      stateOf(before).write('round 1');

      expect(stateOf(before).read()?.toString()).toBe('round 1');
      expect(() => stateOf(after).read()).toThrow(
        `"number of hosts" was ${before === 1 ? 'none' : before} and is ${after === 1 ? 'none' : after} (it is of ${before} host${before === 1 ? '' : 's'}, and this job has ${after}). Use another checkpoint path`,
      );
    });

    it('are not used where they are bound to nothing, which the log says', () => {
      onHosts(2).write('state', 'round 1');
      expect(onHosts(1).read('state')).toBeUndefined();
      onHosts(1).write('more', 'round 1');
      expect(onHosts(2).read('more')).toBeUndefined();

      expect(stores.lines).toEqual([
        `checkpoint ${file('state.algo-1.1')} is not used: it is of a job on several hosts; training starts from the beginning`,
        `checkpoint ${file('more.1')} is not used: it is of a job on one host; training starts from the beginning`,
      ]);
    });

    it('are used where all hosts have the same state, which the log says', () => {
      const sharedOf = (hostCount: number) =>
        onHosts(hostCount).ofJob({ file: 'state', data: {}, free: [], hosts: oneHost() });
      const moves = [2, 1, 3, 3].map((hostCount, round) => {
        const checkpoint = sharedOf(hostCount);
        const found = checkpoint.read()?.toString();
        checkpoint.write(`round ${round}`);
        return [found, checkpoint.hostCount];
      });

      expect(moves).toEqual([
        [undefined, undefined],
        ['round 0', 2],
        ['round 1', 1],
        ['round 2', 3],
      ]);
      expect(names()).toEqual(['state.3', 'state.4']);
      expect(stores.lines).toEqual([
        `checkpoint ${file('state.1')} is of 2 hosts; this job has 1`,
        `checkpoint ${file('state.2')} is of 1 host; this job has 3`,
      ]);
    });
  });
});
