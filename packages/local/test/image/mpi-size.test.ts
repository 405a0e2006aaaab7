/** How much larger an image is for training on several instances. */
import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { callEngine } from '../../src/container/engine.js';
import { IMAGE, openTestImage } from './image-scene.js';
import { describeImage } from './train-image.js';

const MOST_COMPRESSED_BYTES = 10e6;
const MOST_UNPACKED_BYTES = 100e6;

describe.skipIf(!IMAGE)('the image (skipped without ALGO_TEST_IMAGE)', () => {
  it('has at most 10 MB of MPI, compressed', async (context) => {
    const program = await openTestImage(IMAGE!, {}, 'none');
    const { TrainingSpecification } = await describeImage(program);
    if (!TrainingSpecification!.SupportsDistributedTraining) context.skip('it trains on one instance');
    const { engine } = program;
    const main = JSON.parse(
      await callEngine(engine, ['image', 'inspect', '--format', '{{json .Config.Entrypoint}}', IMAGE!]),
    ).at(-1) as string;
    const container = (await callEngine(engine, ['create', '--network', 'none', IMAGE!])).trim();
    onTestFinished(async () => void (await callEngine(engine, ['rm', container])));

    const folder = posix.join(posix.dirname(main), 'mpi');
    const archive = execFileSync(engine.name, ['cp', `${container}:${folder}`, '-'], {
      maxBuffer: MOST_UNPACKED_BYTES,
    });

    expect(archive.includes('libmpi_abi.so.1')).toBe(true);
    expect(gzipSync(archive).length).toBeLessThan(MOST_COMPRESSED_BYTES);
  });
});
