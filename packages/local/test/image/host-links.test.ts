/** Training jobs on several instances, whose hosts are containers with links that lose packets, are slow, or are cut. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Link } from '@algo/bench';
import { describe, expect, it, type TestContext } from 'vitest';
import { callEngine } from '../../src/container/engine.js';
import type { ImageProgram } from '../../src/index.js';
import { makeFolder } from '../scene.js';
import { findHost, linkOfHost, runningContainers, watchHosts, whyNoLinks } from './host-containers.js';
import { IMAGE, openTestImage } from './image-scene.js';
import { describeImage, ROWS, roundsOf, train } from './train-image.js';

const HOSTS = ['algo-1', 'algo-2', 'algo-3'];
const LOST_PERCENT = 3;
const BITS_PER_SECOND = 1e8;
/** A host is sent some thousand packets in so many. */
const ROUNDS = 20;

/** The image of an algorithm that trains in rounds, with the same model on any hosts: one such is enough. */
async function openImageOfRounds(context: TestContext): Promise<ImageProgram> {
  const reason = whyNoLinks();
  if (reason !== undefined) context.skip(reason);
  const program = await openTestImage(IMAGE!, {}, 'none');
  if (roundsOf(await describeImage(program)) !== 'num_round') context.skip('one image, with num_round, is enough');
  return program;
}

/** In place of the image's entrypoint: that, after a signal, so that a link is spoiled before it is used. */
async function afterSignal({ engine }: ImageProgram): Promise<{ entrypoint: string[]; arguments: string[] }> {
  const own = await callEngine(engine, ['image', 'inspect', '--format', '{{json .Config.Entrypoint}}', IMAGE!]);
  const [node, ...rest] = JSON.parse(own) as string[];
  return { entrypoint: [node!, '--no-warnings', '--eval', AWAIT_SIGNAL], arguments: [...rest, 'train'] };
}

describe.skipIf(!IMAGE)('the image on three instances (skipped without ALGO_TEST_IMAGE)', () => {
  it(`trains the same model where each loses ${LOST_PERCENT} % of what it is sent, and sends 100 Mbit/s`, async (context) => {
    const program = await openImageOfRounds(context);
    const links = new Map<string, Link>();
    const spoiling = watchHosts(WAITS, async (name) => {
      const host = await findHost(program.engine, name);
      const link = linkOfHost(host);
      link.lose(LOST_PERCENT);
      link.slow(BITS_PER_SECOND);
      links.set(name, link);
      await host.signal('USR2');
    });

    const undisturbed = await train(program, ROWS, { instanceCount: 3, rounds: ROUNDS });
    const spoiled = await train(program, ROWS, {
      ...{ instanceCount: 3, rounds: ROUNDS, ...(await afterSignal(program)) },
      ...{ stop: spoiling.stop, onEvent: spoiling.onEvent },
    });
    await spoiling.done();

    expect([undisturbed.status, spoiled.status]).toEqual(['Completed', 'Completed']);
    for (const host of HOSTS) expect(links.get(host)!.lostPackets(), host).toBeGreaterThan(0);
    expect(spoiled.metrics).toEqual(undisturbed.metrics);
    expect(readFileSync(spoiled.modelArchive!).equals(readFileSync(undisturbed.modelArchive!))).toBe(true);
  });

  it('fails where the link of a host is cut, and the others name it', async (context) => {
    const program = await openImageOfRounds(context);
    const workDirectory = join(makeFolder(), 'work');
    const cutting = watchHosts('round=', async () => linkOfHost(await findHost(program.engine, 'algo-2')).cut());

    const job = await train(program, ROWS, {
      ...{ instanceCount: 3, rounds: 100_000, workDirectory },
      ...{ stop: cutting.stop, onEvent: cutting.onEvent },
    });
    await cutting.done();

    const failures = HOSTS.map((host) => readFileSync(join(workDirectory, host, 'opt/ml/output/failure'), 'utf8'));
    const lost = expect.stringMatching(/^PlatformError: The host algo-2 was lost: no sign of life for 30 s/);
    const cutOff = expect.stringMatching(
      /^PlatformError: The host algo-2 is cut off: no sign of life of algo-[13], algo-[13] for 30 s\.$/,
    );
    expect(failures).toEqual([lost, cutOff, lost]);
    expect(job).toMatchObject({ status: 'Failed', exitCode: 1 });
    expect(failures.map((failure) => `AlgorithmError: ${failure}`)).toContain(job.failureReason);
    expect(await runningContainers(program.engine)).toEqual([]);
  });
});

// --- internal ---

const WAITS = 'waits for a signal';
const AWAIT_SIGNAL = `
  process.once('SIGUSR2', () => process.execve(process.execPath, process.argv));
  setInterval(() => {}, 1e6);
  console.log('${WAITS}');
`;
