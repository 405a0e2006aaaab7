import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../src/log.js';
import type { ModelFiles } from '../../src/model/model.js';
import { createModelOffer } from '../../src/training/offered-model.js';

const MODEL = { files: { a: 'x' }, featureCount: 1 };

/** A job whose clock advances only with `run` and saves. */
function createJob({ saveMs = 0, save }: { saveMs?: number; save?: (model: ModelFiles) => Promise<void> } = {}) {
  let time = 0;
  let saved = 0;
  const log = memoryLog();
  const stop = { requested: false };
  const saving = async () => {
    saved += 1;
    time += saveMs;
  };
  const offer = createModelOffer({ save: save ?? saving, log, stop, now: () => time, intervalMs: 1000 });
  return {
    ...{ offer, log, stop },
    saved: () => saved,
    time: () => time,
    async run(ms: number) {
      for (const end = time + ms; time < end; time += 10) await offer(() => MODEL);
    },
  };
}

describe('a model that is offered at every safe point', () => {
  it('is not taken before the first interval is over, and once per interval then', async () => {
    const job = createJob();

    await job.run(1000);
    expect(job.saved()).toBe(0);
    await job.run(10_000);

    expect(job.saved()).toBe(10);
  });

  it('costs about a twentieth of the time when saving takes long', async () => {
    const saveMs = 30_000;
    const job = createJob({ saveMs });

    await job.run(10_000_000);

    const share = (job.saved() * saveMs) / job.time();
    expect(share).toBeCloseTo(0.05, 2); // the first one comes after one interval, before its cost is known
  });

  it('is not taken after a stop, when the last model is what the time is for', async () => {
    const job = createJob();
    job.stop.requested = true;

    await job.run(5000);

    expect(job.saved()).toBe(0);
  });

  it('that cannot be saved ends the offers, with a warning, and not the job', async () => {
    let tries = 0;
    const job = createJob({
      save: async () => {
        tries += 1;
        throw new Error('the disk is full');
      },
    });

    await job.run(5000);

    expect(tries).toBe(1);
    expect(job.log.lines).toEqual(['warning: no model is kept for a stop any more: the disk is full']);
  });
});
