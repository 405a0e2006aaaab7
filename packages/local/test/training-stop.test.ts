/** Training jobs that are ended: by StopTrainingJob, a limit of time, or the loss of their instance. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type LocalEvent, runTrainingJob } from '../src/index.js';
import { makeFolder } from './scene.js';
import { makeRequest } from './training-scene.js';

describe('a stopped job', () => {
  it.each([
    ['wait', 0],
    ['fail-on-sigterm', 3],
  ])('gets SIGTERM, keeps its model, and is Stopped whatever its exit code: %s', async (behave, exitCode) => {
    const folder = makeFolder();
    const stop = new AbortController();
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') stop.abort();
    };

    const result = await runTrainingJob(
      makeRequest(folder, { hyperparameters: { behave }, stop: stop.signal, onEvent }),
    );

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'Stopped', wasKilled: false, exitCode });
    expect(result.failureReason).toBeUndefined();
    expect(existsSync(result.modelArchive!)).toBe(true);
  });

  it('stops for MaxRuntimeInSeconds, and kills a program that ignores SIGTERM', async () => {
    const folder = makeFolder();
    const request = makeRequest(folder, { hyperparameters: { behave: 'ignore-sigterm' }, maxRuntimeInSeconds: 3600 });
    // The hour passes when the program is at work, the grace of 120 s when it has seen the signal.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') vi.advanceTimersByTime(3_600_000);
      if (event.type === 'log' && event.line === 'got SIGTERM') vi.advanceTimersByTime(120_000);
    };

    const result = await runTrainingJob({ ...request, onEvent });

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded', exitCode: 137 });
    expect(result.wasKilled).toBe(true);
    expect(readFileSync(result.logFile, 'utf8')).toBe('waiting\ngot SIGTERM\n');
  });
});

describe('a listener that fails when a job is to stop', () => {
  it('ends the job, and the error is that of the run', async () => {
    const folder = makeFolder();
    const stop = new AbortController();
    let exited = '';
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'training-status' && event.status === 'Stopping') throw new Error('database or disk is full');
      if (event.type === 'log') exited = event.line;
      if (event.type === 'log' && event.line === 'waiting') stop.abort();
    };

    const run = runTrainingJob(
      makeRequest(folder, { hyperparameters: { behave: 'wait' }, stop: stop.signal, onEvent }),
    );

    await expect(run).rejects.toThrow('database or disk is full');
    expect(exited).toBe('got SIGTERM');
  });
});

describe('a job whose instance is taken away', () => {
  it('gets SIGTERM, keeps no model, and is Interrupted, however its program ends', async () => {
    const folder = makeFolder();
    const interruption = new AbortController();
    const statuses: string[] = [];
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') interruption.abort();
      if (event.type === 'training-status') statuses.push(event.status);
    };
    const request = makeRequest(folder, { hyperparameters: { behave: 'wait' } });

    const result = await runTrainingJob({ ...request, interrupt: interruption.signal, onEvent });

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'Interrupted', exitCode: 0 });
    expect(result.modelArchive).toBeUndefined();
    expect(statuses).toEqual(['Downloading', 'Training']);
    expect(readFileSync(result.logFile, 'utf8')).toContain('got SIGTERM');
  });

  it('is stopped for good when the time that it may wait and run is over', async () => {
    const folder = makeFolder();
    const request = makeRequest(folder, { hyperparameters: { behave: 'wait' }, maxWaitTimeInSeconds: 7200 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const onEvent = (event: LocalEvent) => {
      if (event.type === 'log' && event.line === 'waiting') vi.advanceTimersByTime(7_200_000);
    };

    const result = await runTrainingJob({ ...request, onEvent });

    expect(result).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxWaitTimeExceeded', exitCode: 0 });
    expect(result.modelArchive).toBeDefined();
  });
});
