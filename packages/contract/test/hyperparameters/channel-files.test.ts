/** Hyperparameters from the files of a channel, below those of the job. */
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeAlgorithm, openEveryJob } from './channel-jobs.js';

const { runJob, remove } = openEveryJob();
afterEach(remove);

const HALF = `[${Array.from({ length: 4000 }, (_, i) => i).join(',')}]`;

describe('the channel of hyperparameters', () => {
  it('gives what the job does not have itself, of any JSON, and longer than a job could', async () => {
    const { exitCode, values, lines } = await runJob({
      hyperparameters: { eta: '0.5' },
      files: {
        'a.json': `{"eta": 0.1, "layers": ${HALF}, "note": "a\\nb", "flag": true}`,
        'b.json': '{"rounds": "7"}',
      },
    });

    expect(exitCode).toBe(0);
    expect(values).toEqual({ eta: 0.5, layers: JSON.parse(HALF), note: 'a\nb', flag: true, rounds: 7 });
    expect(lines).toContain(
      'warning: hyperparameter "eta" of the job is used, and not the one in hyperparameters/a.json.',
    );
  });

  it('is not needed, and no channel of the algorithm', async () => {
    const { exitCode, values, channels } = await runJob({ hyperparameters: {} });
    const other = await runJob({ hyperparameters: {}, files: { 'a.json': '{}' } });

    expect([exitCode, values.eta, channels]).toEqual([0, 0.3, ['train']]);
    expect([other.exitCode, other.channels]).toEqual([0, ['train']]);
  });

  it('has aliases as the job has them, the job’s own last', async () => {
    const { values } = await runJob({ hyperparameters: { learning_rate: '0.9' }, files: { 'a.json': '{"eta":0.1}' } });

    expect(values.eta).toBe(0.9);
  });

  it.each([
    ['{"eta":2}', 'Hyperparameter "eta" in hyperparameters/a.json must be a number in [0, 1]; received "2".'],
    ['{"etaa":2}', 'Unknown hyperparameter "etaa" in hyperparameters/a.json; did you mean "eta"?'],
    ['{"eta":null}', 'hyperparameters/a.json: "eta" must have a value; received null.'],
    ['{"eta":1,"eta":1}', 'hyperparameters/a.json: an object of JSON must have each key once; received "eta" again'],
    ['{"__proto__":{}}', 'hyperparameters/a.json: JSON must not have the key "__proto__"'],
    ['[1]', 'hyperparameters/a.json: a file must be an object of JSON; received "[1]".'],
    ['eta: 1', 'hyperparameters/a.json: '],
    ['['.repeat(70), 'hyperparameters/a.json: JSON must be nested at most 64 deep'],
  ])('is refused by file and key: %j', async (content, message) => {
    const { exitCode, failure } = await runJob({ hyperparameters: {}, files: { 'a.json': content } });

    expect(exitCode).toBe(1);
    expect(failure).toContain('ClientError');
    expect(failure).toContain(message);
  });

  it('has each name in one file, all of them within 16 MiB', async () => {
    const twice = await runJob({ hyperparameters: {}, files: { 'a.json': '{"eta":1}', 'b.json': '{"eta":1}' } });
    const large = `{"note":"${'x'.repeat(9 * 2 ** 20)}"}`;
    const long = await runJob({ hyperparameters: {}, files: { 'a.json': large, 'b.json': large } });

    expect(twice.failure).toContain(
      'hyperparameters/b.json: "eta" must be in one file; received it in hyperparameters/a.json, too.',
    );
    expect(long.failure).toContain('hyperparameters/b.json: all files together must have at most 16777216 bytes');
  });

  it('is in File mode, and says so', async () => {
    const { failure } = await runJob({ hyperparameters: {}, files: { 'a.json': '{}' }, mode: 'Pipe' });

    expect(failure).toContain('Channel "hyperparameters": TrainingInputMode must be File; received "Pipe".');
  });

  it('is published as an optional channel of JSON, within the eight that there may be', () => {
    const [train, own] = describeAlgorithm({}).TrainingSpecification!.TrainingChannels;
    const seven = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`more-${i}`, train]));

    expect(train?.Name).toBe('train');
    expect(own).toMatchObject({
      ...{ Name: 'hyperparameters', IsRequired: false, SupportedContentTypes: ['application/json'] },
      ...{ SupportedInputModes: ['File'], SupportedCompressionTypes: ['None'] },
    });
    expect(() => describeAlgorithm({ more: Object.keys(seven) })).toThrow(
      'There must be 1 to 8 channels; there are 9.',
    );
    expect(() => describeAlgorithm({ more: ['hyperparameters'] })).toThrow(
      'hyperparameterChannel must be none of the declared channels; received "hyperparameters".',
    );
    expect(z.string().parse(own?.Description)).toContain('JSON files');
  });
});
