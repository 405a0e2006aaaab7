/** The exit code of a job on several hosts, whose containers end in any order. */
import { expect, it } from 'vitest';
import type { Container, ContainerExit } from '../src/container/container.js';
import { joinContainers } from '../src/training/host-group.js';

interface FakeContainer extends Container {
  end(exitCode: number, wasKilled?: boolean): Promise<void>;
}

/** One that ends when the test says so; signals of the group are not heard. */
function makeContainer(): FakeContainer {
  const { promise, resolve } = Promise.withResolvers<ContainerExit>();
  return {
    exited: promise,
    lastLines: [],
    stop: () => promise,
    async end(exitCode, wasKilled = false) {
      resolve({ exitCode, wasKilled, seconds: 1 });
      await promise;
    },
  };
}

function joinThree() {
  const containers = [makeContainer(), makeContainer(), makeContainer()] as const;
  return { containers, group: joinContainers(containers, 1000) };
}

it.each([
  ['a signal ended', 137],
  ['crashed', 139],
])('is that of a host that %s, where hosts that lost it were seen to end before', async (_, killed) => {
  const { containers, group } = joinThree();

  await containers[2].end(1);
  await containers[1].end(killed);
  await containers[0].end(1);

  expect((await group.exited).exitCode).toBe(killed);
});

it('is that of the first host that failed, where only the job ended others', async () => {
  const { containers, group } = joinThree();

  await containers[1].end(5);
  await containers[0].end(143);
  await containers[2].end(137, true);

  expect((await group.exited).exitCode).toBe(5);
});

it('is 0 where no host failed', async () => {
  const { containers, group } = joinThree();

  for (const container of containers) await container.end(0);

  expect((await group.exited).exitCode).toBe(0);
});
