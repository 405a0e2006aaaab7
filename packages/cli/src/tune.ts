/** `algo tune`: a hyperparameter tuning job on this machine. */
import { type Command, Option } from 'commander';
import { integerIn } from './option-values.js';
import { addTrainingOptions } from './training-options.js';
import type { TuneOptions } from './tuning/tune.js';

export function addTune(cli: Command): void {
  const command = cli
    .command('tune')
    .summary('search hyperparameters')
    .description(
      'Runs training jobs with different hyperparameters and finds the best: the strategies are those of SageMaker.\n' +
        '--ranges has ParameterRanges, or a whole HyperParameterTuningJobConfig, as JSON; options override what it says.\n' +
        'Ctrl-C stops the training jobs; the table of those that ended is written.',
    )
    .argument('<algorithm>', "an algorithm's folder or program, or its name in the workspace's folder algorithms")
    .requiredOption('-r, --ranges <file>', 'JSON file of the ranges of hyperparameters, or the JSON itself')
    .option('--objective <metric>', "metric to optimize (default: the algorithm's only one for tuning)")
    .addOption(
      new Option('--strategy <name>', 'strategy (default: Bayesian)').choices([
        'Bayesian',
        'Random',
        'Hyperband',
        'Grid',
      ]),
    )
    .option('-n, --max-jobs <count>', 'training jobs in all', integerIn(1, 10_000))
    .option('--parallel <count>', 'training jobs at a time (default: 1)', integerIn(1, 100))
    .option('--early-stopping', 'stop training jobs that are worse than the median of those before')
    .option(
      '--seed <number>',
      'RandomSeed: the same seed and objectives give the same hyperparameters',
      integerIn(0, 2 ** 31 - 1),
    );
  addTrainingOptions(command)
    .option(
      '-o, --output <dir>',
      'empty folder for jobs.csv, tuning-job.json, best-hyperparameters.json and a folder per training job (default: .algo/tuning-job/NAME/TIME)',
    )
    .action(async (algorithm: string, options: TuneOptions) => {
      // Loaded here: other commands start faster without it.
      const { tune } = await import('./tuning/tune.js');
      await tune(algorithm, options);
    });
}
