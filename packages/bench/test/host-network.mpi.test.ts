/** What the network of hosts counts and limits; needs Linux, root, `ip` and `tc`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HostNetwork, makeHostNetwork } from '../src/host-network.js';

const BYTES = 20_000_000;
const PORT = 4567;
const RECEIVE = `require('node:net').createServer((socket) => socket.resume().on('end', () => socket.end()))
  .listen(${PORT}, () => console.log('listening'))`;
const SEND = `const socket = require('node:net').connect(${PORT}, process.argv[1], () => socket.end(Buffer.alloc(${BYTES})));
  socket.resume()`;

let network: HostNetwork;
let receiver: ChildProcess | undefined;
beforeEach(() => {
  network = makeHostNetwork(2);
});
afterEach(() => {
  receiver?.kill();
  network.remove();
});

async function send(): Promise<void> {
  const [command, ...args] = network.launcher(1);
  receiver = spawn(command!, [...args, process.execPath, '-e', RECEIVE], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(receiver.stdout!, 'data');
  const [program, ...before] = network.launcher(0);
  execFileSync(program!, [...before, process.execPath, '-e', SEND, network.addresses[1]!]);
}

it.each([undefined, 1e9, 1e10])(
  'a host has sent its bytes with the headers of each frame, at a rate of %s',
  async (rate) => {
    if (rate !== undefined) network.slow(0, rate);
    const before = network.sentBytes(0);

    await send();

    // 1448 bytes of a frame's 1514 are data; some frames are not full, and some are sent twice.
    const headers = (BYTES / 1448) * 66;
    expect(network.sentBytes(0) - before).toBeGreaterThan(BYTES + headers);
    expect(network.sentBytes(0) - before).toBeLessThan(BYTES + 1.5 * headers);
  },
);

it('a limited link takes packets as the kernel makes them, and counts what the host has sent', async () => {
  network.slow(0, 1e9);
  await send();

  const [program, ...before] = network.launcher(0);
  const on = (...command: string[]) => execFileSync(program!, [...before, ...command], { encoding: 'utf8' });
  const [, bytes, frames] = /Sent (\d+) bytes (\d+) pkt/.exec(on('tc', '-s', 'qdisc', 'show', 'dev', 'eth0'))!;
  const packets = Number(on('cat', '/sys/class/net/eth0/statistics/tx_packets'));

  expect(network.sentBytes(0) / Number(bytes)).toBeCloseTo(1, 2);
  expect(packets).toBeLessThan(Number(frames) / 2);
});
