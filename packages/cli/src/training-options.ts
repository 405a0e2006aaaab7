/** The options of a training job, which `algo train` and `algo tune` share, and the request that they describe. */
import { resolve } from 'node:path';
import {
  type AlgorithmDescription,
  ArgumentError,
  type InputMode,
  type InstanceGroup,
  instanceCountOf,
  MAX_INSTANCES,
  type TrainingJobRequest,
} from '@algo/local';
import { type Command, Option } from 'commander';
import { type ChannelOptions, channelsOf } from './channels.js';
import { collectChannel, collectPair, integerIn, type Pairs, pairsLike, readHyperparameters } from './option-values.js';

export interface TrainingOptions extends ChannelOptions {
  readonly hyperparameter?: Pairs;
  readonly hyperparameters?: string;
  readonly inputMode: InputMode;
  readonly env?: Pairs;
  readonly maxRuntime?: number;
  readonly instances?: number;
}

const GROUP_FORM = 'NAME=COUNT or NAME=COUNT:TYPE';

export function addTrainingOptions(command: Command): Command {
  return command
    .option(
      '-c, --channel <name=path[:content-type]>',
      'input channel: a file or folder (repeatable); without a content type, the program detects it from the files',
      collectChannel,
    )
    .option('-p, --hyperparameter <name=value>', 'hyperparameter (repeatable)', collectPair)
    .option('--hyperparameters <file>', 'JSON file of hyperparameters; --hyperparameter overrides it')
    .addOption(new Option('--input-mode <mode>', 'input mode').choices(['File', 'FastFile', 'Pipe']).default('File'))
    .addOption(
      new Option('--compression <type>', 'compression of the files in Pipe mode')
        .choices(['None', 'Gzip'])
        .default('None'),
    )
    .addOption(
      new Option('--record-wrapper <type>', 'in Pipe mode: each file as a record of RecordIO')
        .choices(['None', 'RecordIO'])
        .default('None'),
    )
    .option(
      '--attributes <name=attribute,…>',
      'in Pipe mode: the channel is an augmented manifest, of which these attributes are sent (repeatable)',
      pairsLike('NAME=ATTRIBUTE,ATTRIBUTE,…'),
    )
    .option(
      '--data-type <name=type>',
      "what the channel's path is: S3Prefix, a file or folder, or ManifestFile, a JSON list of files (repeatable)",
      pairsLike('NAME=TYPE'),
    )
    .option(
      '--shuffle <seed>',
      'ShuffleConfig of all channels: an order of their files, or of the lines of an augmented manifest, new in each epoch of Pipe mode',
      integerIn(0, 2 ** 31 - 1),
    )
    .option(
      '--instances <count>',
      'InstanceCount: programs that train one model together, each with an address of this machine (default: 1)',
      integerIn(1, MAX_INSTANCES),
    )
    .option(
      '--shard <name>',
      'channel whose files are shared among the instances (ShardedByS3Key); each gets all files of others (repeatable)',
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .addOption(
      new Option(
        '--group <name=count[:type]>',
        'InstanceGroups in place of --instances: a group of that many, of an instance type (repeatable)',
      )
        .argParser(pairsLike(GROUP_FORM))
        .conflicts('instances'),
    )
    .option(
      '--channel-groups <name=group,…>',
      'InstanceGroupNames: the groups whose instances get the channel (default: all; repeatable)',
      pairsLike('NAME=GROUP,GROUP,…'),
    )
    .option('-e, --env <name=value>', 'variable for the program (repeatable)', collectPair)
    .option('--max-runtime <seconds>', 'MaxRuntimeInSeconds (default: 1 day)', integerIn(1, 28 * 86_400));
}

/**
 * @param from the folder that a relative path starts at
 * @throws ArgumentError and InvalidArgumentError for options that do not fit together, and files that are not there
 */
export function trainingRequestOf(
  options: TrainingOptions,
  description: AlgorithmDescription,
  from: string,
): Pick<TrainingJobRequest, 'channels' | 'inputMode' | 'maxRuntimeInSeconds' | 'instanceCount' | 'instanceGroups'> &
  Required<Pick<TrainingJobRequest, 'hyperparameters' | 'environment'>> {
  const instances = { instanceCount: options.instances, instanceGroups: options.group && groupsOf(options.group) };
  const what = options.group ? 'The instances of --group' : '--instances';
  requireDistributed(instanceCountOf(instances), what, description);
  const fromFile = options.hyperparameters ? readHyperparameters(resolve(from, options.hyperparameters)) : {};
  return {
    hyperparameters: { ...fromFile, ...options.hyperparameter },
    channels: channelsOf(options, description, from),
    inputMode: options.inputMode,
    environment: options.env ?? {},
    maxRuntimeInSeconds: options.maxRuntime,
    ...instances,
  };
}

// --- internal ---

/** `name=count`, or `name=count:type`. */
function groupsOf(groups: Pairs): readonly InstanceGroup[] {
  return Object.entries(groups).map(([name, text]) => {
    const { count, type } = /^(?<count>\d+)(?::(?<type>.+))?$/.exec(text)?.groups ?? {};
    if (count !== undefined) return { name, instanceType: type, instanceCount: Number(count) };
    throw new ArgumentError(`--group must be ${GROUP_FORM}; received "${name}=${text}".`);
  });
}

function requireDistributed(count: number, what: string, { Name, TrainingSpecification }: AlgorithmDescription): void {
  if (count === 1 || !TrainingSpecification || TrainingSpecification.SupportsDistributedTraining) return;
  throw new ArgumentError(
    `${what} must be 1: ${Name} trains on one instance (SupportsDistributedTraining); received ${count}.`,
  );
}
