/** `algo tune`; where signals and streams do not matter, in the process of the test. Needs `npm run build`. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackArchive } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { algo, algoHere, makeWorkspace, start, write } from './support/command.js';

const TUNE_SUM = ['tune', 'sum', '-c', 'train=sample-data/sum/train', '-o', 'out'];
/** Its objective is 10 for each epoch. */
const OBJECTIVE = { HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'train:sum' } };
const epochs = { IntegerParameterRanges: [{ Name: 'epochs', MinValue: '1', MaxValue: '9' }] };

const json = (config: object) => JSON.stringify({ ...OBJECTIVE, ParameterRanges: epochs, ...config });
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('algo tune', () => {
  it('tries every combination of a grid, prints each job and the best, and writes all of them', async () => {
    const ParameterRanges = { CategoricalParameterRanges: [{ Name: 'epochs', Values: ['2', '4', '3'] }] };
    const folder = write(makeWorkspace(), { 'grid.json': json({ Strategy: 'Grid', ParameterRanges }) });

    const { code, stdout } = await algo(folder, ...TUNE_SUM, '-p', 'note=a', '--seed', '7', '--ranges', 'grid.json');

    expect(code).toBe(0);
    const out = join(folder, 'out');
    expect(stdout.replaceAll(/\d+\.\d\d s/g, 'T s').replaceAll(out, 'OUT')).toBe(
      [
        'Grid, seed 7: maximize train:sum',
        '001 Completed train:sum=20 (best) T s epochs=2',
        '002 Completed train:sum=40 (best) T s epochs=4',
        '003 Completed train:sum=30 T s epochs=3',
        '3 training jobs: 3 Completed, 0 Stopped, 0 Failed',
        'Best training job: 002',
        '  train:sum  40',
        '  epochs     4',
        'Model: OUT/002/model.tar.gz',
        'Files: OUT',
        '',
      ].join('\n'),
    );
    expect(read(out, 'jobs.csv').replaceAll(/\d+\.\d\d/g, 'T')).toBe(
      'job,status,train:sum,seconds,epochs\n001,Completed,20,T,2\n002,Completed,40,T,4\n003,Completed,30,T,3\n',
    );
    expect(JSON.parse(read(out, 'tuning-job.json'))).toMatchObject({
      HyperParameterTuningJobConfig: { ...OBJECTIVE, Strategy: 'Grid', RandomSeed: 7, ParameterRanges },
      BestTrainingJob: { TrainingJobName: '002', TunedHyperParameters: { epochs: '4' } },
      TrainingJobSummaries: [{ TrainingJobName: '001' }, { TrainingJobName: '002' }, { TrainingJobName: '003' }],
    });
    expect(JSON.parse(read(out, 'best-hyperparameters.json'))).toEqual({ note: 'a', epochs: '4' });
    expect(read(out, '002', 'log.txt')).toContain('train:sum=40');
    expect(readdirSync(join(out, '002'))).toContain('model.tar.gz');
  });

  it('gives its jobs the static hyperparameters and the name of the objective', async () => {
    const folder = makeWorkspace();

    const { code } = await algoHere(
      folder,
      ...[...TUNE_SUM, '-p', 'note=a', '--strategy', 'Random', '--max-jobs', '1', '--ranges', json({})],
    );

    expect(code).toBe(0);
    mkdirSync(join(folder, 'unpacked'));
    await unpackArchive(join(folder, 'out/001/output.tar.gz'), join(folder, 'unpacked'));
    const { hyperparameters } = JSON.parse(read(folder, 'unpacked', 'seen.json'));
    const epochs = expect.stringMatching(/^[1-9]$/);
    expect(hyperparameters).toEqual({ note: 'a', epochs, _tuning_objective_metric: 'train:sum' });
  });

  it('gives the same hyperparameters for the same seed, and others for another, with several jobs at a time', async () => {
    const folder = makeWorkspace();
    const tuned = async (seed: string, output: string) => {
      const limits = [
        '--strategy',
        'Random',
        '--max-jobs',
        '3',
        '--parallel',
        '2',
        '--seed',
        seed,
        '--ranges',
        json({}),
      ];
      const { code } = await algoHere(folder, ...TUNE_SUM, ...limits, '-o', output);
      expect(code).toBe(0);
      const jobs: { TunedHyperParameters: object }[] = JSON.parse(
        read(folder, output, 'tuning-job.json'),
      ).TrainingJobSummaries;
      return jobs.map(({ TunedHyperParameters }) => TunedHyperParameters);
    };

    const [first, again, other] = [await tuned('1', 'a'), await tuned('1', 'b'), await tuned('2', 'c')];

    expect(first).toHaveLength(3);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('ends at a completion criterion', async () => {
    const folder = makeWorkspace();
    const ranges = json({ TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 10 } });

    const { code, stdout } = await algoHere(folder, ...TUNE_SUM, '--max-jobs', '5', '--ranges', ranges);

    expect(code).toBe(0);
    expect(stdout).toContain(
      '1 training jobs: 1 Completed, 0 Stopped, 0 Failed; completed by TargetObjectiveMetricValue',
    );
  });

  it.each([2_592_000, 15_768_000])(
    'runs all jobs where it may take %i seconds, longer than a timer can hold',
    async (seconds) => {
      const folder = makeWorkspace();
      const ranges = json({ ResourceLimits: { MaxRuntimeInSeconds: seconds } });

      const { code, stdout } = await algoHere(folder, ...TUNE_SUM, '--max-jobs', '2', '--ranges', ranges);

      expect(code).toBe(0);
      expect(stdout).toContain('2 training jobs: 2 Completed, 0 Stopped, 0 Failed');
    },
  );

  it('exits with 1 and the reason when no training job has an objective, and still writes the table', async () => {
    const folder = makeWorkspace();
    const failing = ['-p', 'behave=fail', '-p', 'failure=the reason'];

    const { code, stdout, stderr } = await algoHere(
      folder,
      ...TUNE_SUM,
      ...failing,
      '--max-jobs',
      '9',
      '--ranges',
      json({}),
    );

    expect(code).toBe(1);
    expect(stderr).toContain('None of 5 training jobs has an objective. AlgorithmError: the reason');
    expect(stdout).toContain('001 Failed AlgorithmError: the reason');
    expect(read(folder, 'out', 'jobs.csv').split('\n')).toHaveLength(7); // a header, five jobs, and the last end of line
  });

  it('stops its training jobs at Ctrl-C, and exits with 1', async () => {
    const folder = makeWorkspace();
    const waiting = start(folder, [...TUNE_SUM, '-p', 'behave=wait', '--max-jobs', '9', '--ranges', json({})]);

    await waiting.printed(/maximize train:sum/);
    waiting.child.kill('SIGINT');
    const { code, stderr } = await waiting.finished;

    expect(code).toBe(1);
    expect(stderr).toContain('The tuning job was stopped.');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no number of jobs', ['--ranges', json({})], /--max-jobs must be given with strategy Bayesian/],
    ['a missing file', ['-n', '2', '--ranges', 'no.json'], /--ranges: there is no file \/.+\/no\.json/],
    ['no JSON', ['-n', '2', '--ranges', '{"a"'], /--ranges must be JSON: /],
    ['an unknown member', ['-n', '2', '--ranges', json({ Extra: 1 })], /at 'extra' failed to satisfy constraint/],
    [
      'ranges that are upside down',
      [
        '-n',
        '2',
        '--ranges',
        json({ ParameterRanges: { IntegerParameterRanges: [{ Name: 'epochs', MinValue: '9', MaxValue: '1' }] } }),
      ],
      /hyperparameter "epochs": MinValue must not exceed MaxValue; received 9 and 1/,
    ],
    [
      'a metric that is not there',
      ['-n', '2', '--ranges', json({ HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' } })],
      /must be one of the algorithm's: Minimize train:sum, Minimize train:rows; received Minimize loss/,
    ],
    [
      'no metric, where the algorithm names none for tuning',
      ['-n', '2', '--ranges', JSON.stringify(epochs)],
      /names no metric for tuning: give HyperParameterTuningJobObjective/,
    ],
    [
      'a folder that is not empty',
      ['-n', '2', '--ranges', json({}), '-o', 'algorithms'],
      /--output must be an empty folder/,
    ],
    [
      'a hyperparameter twice',
      ['-n', '2', '--ranges', json({}), '-p', 'epochs=2'],
      /"epochs" must be either static or in/,
    ],
  ])('exits with 2 for %s, and starts nothing', async (_, args, message) => {
    const folder = makeWorkspace();

    const { code, stderr } = await algoHere(folder, ...TUNE_SUM, ...args);

    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
