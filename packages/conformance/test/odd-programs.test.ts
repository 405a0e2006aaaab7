/** Programs that do what nobody expects: a rule is broken or not tried, and the others are tried all the same. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EMPTY_PROFILE } from '../src/index.js';
import { PLATFORM_LIMITS } from '../src/lab/limits.js';
import { checkReference } from './scene.js';

/** `ID result: message` of each rule. */
async function results(fault: string, rules: readonly string[], more = {}, variables = {}): Promise<readonly string[]> {
  const report = await checkReference(fault, { rules, ...more }, variables);
  return report.results.map(({ id, result, message }) => `${id} ${result}: ${message}`);
}

describe('a program', () => {
  it('that removes /opt/ml/model breaks the rule of the model', async () => {
    expect(await results('odd.model-removed', ['training.model', 'ping.ready'])).toEqual([
      'training.model broken: /opt/ml/model is empty',
      expect.stringMatching(/^ping\.ready not-tried: the model of the training job cannot be packed: ENOENT/),
    ]);
  });

  it('that puts a file in the place of /opt/ml/model ends no check', async () => {
    expect(await results('odd.model-file', ['training.model', 'metrics.format'])).toEqual([
      expect.stringMatching(/^training\.model not-tried: ENOTDIR/),
      expect.stringMatching(/^metrics\.format not-tried: ENOTDIR/),
    ]);
  });

  it('that ends without a model is said to have had none', async () => {
    expect(await results('none', ['ping.ready'], { profile: EMPTY_PROFILE })).toEqual([
      expect.stringMatching(
        /^ping\.ready broken: the server ended with code 1 before .*; it had no model in its folder: where the image has none/,
      ),
    ]);
  });

  it('that leaves links and a pipe in its model is served what the platform packs of it', async () => {
    const rules = ['training.model', 'ping.ready', 'ping.broken-model', 'isolation.model-unchanged'];

    expect(await results('odd.model-links', rules)).toEqual([
      'training.model passed: circle, current, latest',
      expect.stringMatching(/^ping\.ready passed: 200 after/),
      'ping.broken-model passed: it ended with code 1',
      'isolation.model-unchanged passed: unchanged',
    ]);
  });

  it('that prints bytes which are no text, without the end of a line, is quoted as one line of text', async () => {
    expect(await results('odd.output', ['launch.train'])).toEqual([
      'launch.train broken: exit code 1: "\\u001b[2J\ufffd\\u0007"',
    ]);
  });

  it('that does not end with its data in folders is killed after far longer than it took without', async () => {
    const limits = { ...PLATFORM_LIMITS, moreTrainingMs: 100 };

    expect(await results('odd.waits', ['channels.subfolders'], { limits })).toEqual([
      expect.stringMatching(/^channels\.subfolders broken: it had not ended after \d+ s, and was killed$/),
    ]);
  });

  it('that answers with null where JSON has an object breaks the rule', async () => {
    expect(await results('odd.null', ['multi-model.list', 'multi-model.get'])).toEqual([
      'multi-model.list broken: "null"',
      expect.stringMatching(/^multi-model\.get passed/),
    ]);
  });

  it('that answers each time with other numbers is compared by its statuses', async () => {
    const rules = ['headers.unknown', 'http.split-body', 'errors.parallel', 'multi-model.invoke', 'batch'];

    const found = await results('odd.random', rules);

    expect(found.filter((line) => !/ passed: /.test(line))).toEqual([]);
  });

  it('that listens elsewhere is reported with where', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'algo-odd-'));
    onTestFinished(() => removeTree(folder));
    const LISTENING = join(folder, 'listening');
    // Once it listens, its time is over at each look at the clock.
    const now = performance.now.bind(performance);
    let passedMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      if (existsSync(LISTENING)) passedMs += PLATFORM_LIMITS.startServerMs;
      return now() + passedMs;
    });
    onTestFinished(() => void vi.restoreAllMocks());

    expect(await results('odd.port', ['ping.ready'], {}, { LISTENING })).toEqual([
      expect.stringMatching(/it listens on 127\.0\.0\.1:\d+, where SAGEMAKER_BIND_TO_PORT is \d+: try its image/),
    ]);
  });

  it('that has paths of an image is reported with what a process has in their place', async () => {
    expect(await results('odd.paths', ['launch.train'])).toEqual([
      expect.stringMatching(/^launch\.train broken: exit code 1: .*SAGEMAKER_BASE_DIR in place of \/opt\/ml/),
    ]);
  });

  it('that ends at a bad record breaks no other rule of a batch', async () => {
    expect(await results('odd.exit-bad-body', ['batch'])).toEqual([
      expect.stringMatching(/^batch\.records passed/),
      expect.stringMatching(/^batch\.final-newline passed/),
      expect.stringMatching(/^batch\.bad-record broken: POST \/invocations: no answer/),
    ]);
  });

  it('that ends in the rule of one request is started again for the next rule', async () => {
    expect(await results('odd.exit', ['multi-model.unload', 'multi-model.missing-files'])).toEqual([
      expect.stringMatching(/^multi-model\.unload broken: DELETE \/models\/unloaded: no answer/),
      'multi-model.missing-files passed: status 400',
    ]);
  });
});
