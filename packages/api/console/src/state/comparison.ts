/** What jobs were run with and what came out, member by member, and whether they differ in it. */
import { entriesAt, instancesOf, listAt, numberAt, textAt } from './members.js';
import type { Members } from './state.js';

export interface ComparedMember {
  readonly group: string;
  readonly name: string;
  /** Per job; undefined where it has none. */
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
}

/** In the order of the groups, and in each of the first job that has a member. */
export function compareJobs(jobs: readonly Members[]): readonly ComparedMember[] {
  const each = jobs.map(settingsOf);
  const groups = Map.groupBy(each.flat(), ({ group }) => group);
  return [...groups].flatMap(([group, settings]) => {
    const names = [...new Set(settings.map(({ name }) => name))];
    return names.map((name) => {
      const values = each.map((own) => own.find((one) => one.group === group && one.name === name)?.value);
      return { group, name, values, differs: new Set(values).size > 1 };
    });
  });
}

// --- internal ---

interface Setting {
  readonly group: string;
  readonly name: string;
  readonly value: string;
}

function settingsOf(job: Members): readonly Setting[] {
  const group = (title: string, entries: readonly (readonly [string, string | undefined])[]): readonly Setting[] =>
    entries.flatMap(([name, value]) => (value === undefined ? [] : [{ group: title, name, value }]));
  return [
    ...group('Result', [
      ['Status', textAt(job, 'TrainingJobStatus')],
      ['Seconds of training', textAt(job, 'TrainingTimeInSeconds')],
      ...listAt(job, 'FinalMetricDataList').map(
        (metric) => [textAt(metric, 'MetricName') ?? '', numberAt(metric, 'Value')?.toString()] as const,
      ),
    ]),
    ...group('Hyperparameters', entriesAt(job, 'HyperParameters')),
    ...group(
      'Input',
      listAt(job, 'InputDataConfig').map((channel) => [
        textAt(channel, 'ChannelName') ?? '',
        textAt(channel, 'DataSource.S3DataSource.S3Uri'),
      ]),
    ),
    ...group('Settings', [
      ['Image', textAt(job, 'AlgorithmSpecification.TrainingImage')],
      ['Algorithm', textAt(job, 'AlgorithmSpecification.AlgorithmName')],
      ['Input mode', textAt(job, 'AlgorithmSpecification.TrainingInputMode')],
      ['Instances', instancesOf(job)],
      ['Output', textAt(job, 'OutputDataConfig.S3OutputPath')],
    ]),
    ...group('Environment', entriesAt(job, 'Environment')),
  ];
}
