/** Forms in which clients send hyperparameters, and names that the platform adds. */

import type { Lab } from '../lab/lab.js';
import type { Rule } from '../rule.js';
import { need } from '../verdict.js';
import { completes } from './completes.js';
import { PAGES } from './pages.js';

export const HYPERPARAMETER_RULES: readonly Rule[] = [
  {
    id: 'hyperparameters.json-quoted',
    rule: 'A value in JSON quotes, as the SDK sends those of its estimators and tuners, means what it means without.',
    source: 'aws/sagemaker-python-sdk#302, #4247',
    severity: 'should',
    check: async (lab) => withValues(lab, (value) => JSON.stringify(value), 'every value in quotes'),
  },
  {
    id: 'hyperparameters.booleans',
    rule: 'A boolean may be true, True or 1, false, False or 0.',
    source: 'aws/sagemaker-python-sdk#613',
    severity: 'should',
    async check(lab) {
      const { hyperparameters = {} } = lab.profile.training ?? {};
      const names = Object.keys(hyperparameters).filter((name) => BOOLEAN.test(hyperparameters[name]!));
      need(names.length > 0, 'no hyperparameter of the profile is true or false');
      for (const form of [capital, digit, small]) {
        if (names.every((name) => form(hyperparameters[name]!) === hyperparameters[name])) continue;
        await withValues(
          lab,
          (value) => (BOOLEAN.test(value) ? form(value) : value),
          `${names[0]}=${form(hyperparameters[names[0]!]!)}`,
        );
      }
      return `${names.join(', ')}: all three forms`;
    },
  },
  {
    id: 'hyperparameters.tuner-name',
    rule: 'The hyperparameter _tuning_objective_metric, which a tuning job adds, is ignored.',
    source: PAGES.metrics,
    severity: 'must',
    async check(lab) {
      const [metric] = lab.profile.training?.metricDefinitions ?? [];
      need(metric !== undefined, 'the profile has no metricDefinitions, one of which a tuning job names');
      return completesWith(lab, { _tuning_objective_metric: metric.Name });
    },
  },
  {
    id: 'hyperparameters.sdk-names',
    rule: "The hyperparameters sagemaker_*, which the SDK's framework estimators add, are ignored.",
    source: 'aws/sagemaker-training-toolkit: params.py',
    severity: 'should',
    check: (lab) =>
      completesWith(lab, {
        sagemaker_program: 'train.py',
        sagemaker_submit_directory: 's3://bucket/source.tar.gz',
        sagemaker_container_log_level: '20',
        sagemaker_job_name: 'conformance',
        sagemaker_region: 'us-east-1',
      }),
  },
];

// --- internal ---

const BOOLEAN = /^(true|false)$/i;
const small = (value: string) => value.toLowerCase();
const capital = (value: string) => (small(value) === 'true' ? 'True' : 'False');
const digit = (value: string) => (small(value) === 'true' ? '1' : '0');

/** Every value in another form. */
function withValues(lab: Lab, form: (value: string) => string, what: string): Promise<string> {
  const entries = Object.entries(lab.profile.training?.hyperparameters ?? {});
  need(entries.length > 0, 'the profile has no hyperparameters');
  const hyperparameters = Object.fromEntries(entries.map(([name, value]) => [name, form(value)]));
  return completes(lab, { hyperparameters }, what);
}

function completesWith(lab: Lab, added: Readonly<Record<string, string>>): Promise<string> {
  const hyperparameters = { ...lab.profile.training?.hyperparameters, ...added };
  return completes(lab, { hyperparameters }, `with ${Object.keys(added).join(', ')}`);
}
