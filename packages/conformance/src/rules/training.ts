/** What a job that completes leaves, and what it leaves alone. */
import { isUtf8 } from 'node:buffer';
import { changes } from '../lab/files.js';
import { endOf } from '../lab/training.js';
import type { Rule } from '../rule.js';
import { excerpt, hold, need } from '../verdict.js';
import { PAGES } from './pages.js';

export const TRAINING_RULES: readonly Rule[] = [
  {
    id: 'training.model',
    rule: 'A completed job leaves its model in /opt/ml/model.',
    source: PAGES.trainingOutput,
    severity: 'must',
    async check(lab) {
      const { exit, modelFiles } = await lab.job();
      need(exit.exitCode === 0, `the training job ended with code ${exit.exitCode}`);
      hold(modelFiles.length > 0, '/opt/ml/model is empty');
      return modelFiles.slice(0, 3).join(', ');
    },
  },
  {
    id: 'training.input-unchanged',
    rule: 'Training leaves everything in /opt/ml/input as it is: FastFile and file system channels are read-only.',
    source: PAGES.trainingInformation,
    severity: 'must',
    async check(lab) {
      const { before, after } = await lab.job();
      const changed = changes(before, after).filter((path) => path.startsWith('input/'));
      hold(changed.length === 0, () => `changed: ${list(changed)}`);
      return `${before.length} files unchanged`;
    },
  },
  {
    id: 'training.writes',
    rule: 'Training writes to /opt/ml/model, /opt/ml/output, /opt/ml/checkpoints and /tmp only: nothing else is kept, and it may be read-only.',
    source: PAGES.trainingOutput,
    severity: 'should',
    async check(lab) {
      const { before, after, strays } = await lab.job();
      const elsewhere = changes(before, after).filter((path) => !WRITABLE.test(path));
      hold(elsewhere.length === 0, () => `written: /opt/ml/${list(elsewhere)}`);
      hold(strays.length === 0, () => `written to the working directory: ${list(strays)}`);
      return 'nothing written elsewhere';
    },
  },
  {
    id: 'training.metrics',
    rule: 'Each metric definition finds a value in the log, in its first group.',
    source: PAGES.metrics,
    severity: 'should',
    async check(lab) {
      const definitions = lab.profile.training?.metricDefinitions ?? [];
      need(definitions.length > 0, 'the profile has no metricDefinitions');
      const { exit, lines } = await lab.job();
      need(exit.exitCode === 0, `the training job ended with code ${exit.exitCode}`);
      const values = definitions.map(({ Name, Regex }) => {
        const pattern = new RegExp(Regex);
        const value = lines.map((line) => pattern.exec(line)?.[1]).findLast((found) => found !== undefined);
        return { Name, value };
      });
      const missing = values.filter(({ value }) => value === undefined || !Number.isFinite(Number(value)));
      hold(missing.length === 0, () => `no number for ${list(missing.map(({ Name }) => Name))}`);
      return values
        .slice(0, 3)
        .map(({ Name, value }) => `${Name}=${value}`)
        .join(' ');
    },
  },
];

export const FAILURE_RULES: readonly Rule[] = [
  {
    id: 'failure.exit-code',
    rule: 'A job that fails exits with a code other than 0.',
    source: PAGES.signals,
    severity: 'must',
    async check(lab) {
      const job = await lab.failedJob();
      const { exit, cause, isLate } = job;
      hold(exit.exitCode !== 0 && !isLate, `${cause}: ${endOf(job)}`);
      return `${cause}: exit code ${exit.exitCode}`;
    },
  },
  {
    id: 'failure.written',
    rule: 'A job that fails writes why to /opt/ml/output/failure.',
    source: PAGES.trainingOutput,
    severity: 'should',
    async check(lab) {
      const { failure, cause, isLate } = await lab.failedJob();
      need(!isLate, 'the job that fails does not end');
      hold(failure !== undefined && failure.toString('utf8').trim() !== '', `${cause}: there is no text in it`);
      return excerpt(failure);
    },
  },
  failureText(
    'failure.length',
    'The failure text has at most 1,024 characters, the part that DescribeTrainingJob shows.',
    (text) => {
      const { length } = Array.from(text.trim());
      hold(length <= FAILURE_CHARS, `it has ${length} characters`);
      return `${length} characters`;
    },
  ),
  failureText(
    'failure.cause-first',
    'The failure text begins with the cause; a stack trace, if any, comes after it.',
    (text) => {
      const first = text.trim().split('\n')[0] ?? '';
      hold(!TRACE_FIRST.test(first), `its first line is ${excerpt(first)}`);
      return excerpt(first);
    },
  ),
  failureText('failure.text', 'The failure text is UTF-8, and is not cut within a character.', (_, bytes) => {
    hold(isUtf8(bytes), 'it has bytes that are not UTF-8');
    return 'UTF-8';
  }),
];

// --- internal ---

const WRITABLE = /^(input|model|output|checkpoints|tmp)\//;
const FAILURE_CHARS = 1024;
/** The first line of Python's, Node's, Java's and Go's traces. */
const TRACE_FIRST =
  /^\s*(framework error:\s*)?(Traceback \(most recent call last\)|at \S+ ?[(<]|File "|goroutine \d+|Exception in thread)|^\s*framework error:\s*$/;

function failureText(id: string, rule: string, judge: (text: string, bytes: Buffer) => string): Rule {
  return {
    ...{ id, rule, source: PAGES.trainingOutput, severity: 'should' },
    async check(lab) {
      const { failure } = await lab.failedJob();
      need(failure !== undefined && failure.length > 0, 'there is no failure text');
      return judge(failure.toString('utf8'), failure);
    },
  };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
