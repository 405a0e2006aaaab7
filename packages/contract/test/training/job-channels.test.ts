/** What hosts of a job settle once they are connected, as far as it depends on their channels. */
import { expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { JobHosts } from '../../src/channels/sharing.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import { readEnvironment } from '../../src/environment.js';
import { makeContainerRoot } from '../../src/testing/container-root.js';
import { openJobChannels } from '../../src/training/job-channels.js';
import { createStopSignal } from '../../src/training/stop.js';
import { hostOf } from '../channels/host-of.js';

const HOSTS = ['algo-1', 'algo-2'];
const algorithm = defineAlgorithm({
  name: 'none',
  version: '1.0.0',
  description: 'Learns nothing.',
  hyperparameterChannel: 'settings',
  channels: { validation: { description: 'Rows.', contentTypes: ['text/csv'] } },
  metrics: { 'validation:rmse': { goal: 'minimize', description: 'Error.' } },
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'Always 0.' } },
  train: () => undefined,
  load: () => undefined,
  predict: (_, { rows }) => ({ score: new Float64Array(rows) }),
}) as unknown as Algorithm;

/** @param values from the files of the channel of hyperparameters */
function open(values: Readonly<Record<string, string>>, hosts: JobHosts) {
  const root = makeContainerRoot({
    hyperparameters: { _tuning_objective_metric: 'validation:rmse' },
    channels: { settings: { 'a.json': JSON.stringify(values) } },
    inputDataConfig: { settings: { ContentType: 'application/json' } },
  });
  try {
    return openJobChannels(algorithm, {
      environment: readEnvironment(root.variables),
      hosts,
      policy: algorithm.values,
      stop: createStopSignal().stop,
      received: { values, files: new Map() },
      hyperparameters: {},
    });
  } finally {
    root.remove();
  }
}

it('a host of several may lack the channel of the metric that is tuned until they are connected; one host may not', () => {
  const missing =
    'Channel "validation" is required to tune "validation:rmse" (hyperparameter "_tuning_objective_metric"); the job has no channels.';
  const hosts = new JobHosts(HOSTS);

  const { channels, objectiveMetric } = open({}, hosts);

  expect([Object.keys(channels), objectiveMetric]).toEqual([[], 'validation:rmse']);
  expect(() => hosts.connect(hostOf(0, 2))).toThrow(missing);
  expect(() => open({}, new JobHosts(['algo-1']))).toThrow(missing);
});

it('hosts must have read the same hyperparameters from the channel of these', () => {
  const config = { TrainingInputMode: 'File', RecordWrapperType: 'None', CompressionType: 'None' } as const;
  const connect = (theirs: Readonly<Record<string, string>>) => {
    const hosts = new JobHosts(HOSTS);
    open({ rounds: '2', eta: '1' }, hosts);
    const answer = () => JSON.stringify(Object.entries(theirs).sort());
    hosts.connect(hostOf(0, 2, answer, () => new Map([['validation', { config, found: undefined }]])));
  };

  connect({ eta: '1', rounds: '2' });
  expect(() => connect({ eta: '1' })).toThrow(
    'Channel "settings": all hosts must receive the same hyperparameters; algo-1 and algo-2 received different ones.',
  );
});
