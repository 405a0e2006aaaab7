import { describe, expect, it } from 'vitest';
import { parseCpuList, pinned, pinServerAndClient } from '../src/pinning.js';

const node = { command: 'node', args: ['a.js'] };

describe('pinServerAndClient', () => {
  it('gives each process of the server a CPU and the client the others', () => {
    const pinning = pinServerAndClient(2, [0, 2, 5, 6]);

    expect(pinning).toEqual({ server: '0,2', client: '5,6', text: 'server on CPU 0,2, client on CPU 5,6' });
  });

  it('pins nothing where no CPU would be left for the client', () => {
    const { server, client, text } = pinServerAndClient(2, [0, 1]);

    expect([server, client]).toEqual([undefined, undefined]);
    expect(text).toBe('server and client share the CPUs');
    expect(pinned(server, node)).toEqual(node);
  });
});

it('a command is pinned by taskset', () => {
  expect(pinned('0,2', node)).toEqual({ command: 'taskset', args: ['-c', '0,2', 'node', 'a.js'] });
});

it.each([
  ['0', [0]],
  ['0-2,5', [0, 1, 2, 5]],
])('reads the list of CPUs %s', (text, cpus) => {
  expect(parseCpuList(text)).toEqual(cpus);
});

it('rejects what is no list of CPUs', () => {
  expect(() => parseCpuList('0-x')).toThrow('received "0-x"');
});
