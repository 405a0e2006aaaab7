/** Checks of training jobs: what a job leaves behind, and that the way its data came makes no difference. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Algorithm } from '../../algorithm.js';
import { CHANNEL_FORMATS, formatOf, parseContentType } from '../../formats/formats.js';
import type { MediaType } from '../../formats/media-type.js';
import { MANIFEST_FILE } from '../../model/directory.js';
import { metricRegex } from '../../training/metrics.js';
import { createStopSignal } from '../../training/stop.js';
import type { ContainerContents } from '../container-root.js';
import { runPipeTraining, runTraining, type TrainingResult } from '../training.js';
import type { Check, CheckOptions, SharedModel } from './check.js';

/** What these checks need of the options. */
type Options = Pick<CheckOptions, 'metrics'> & { readonly job: ContainerContents };

export function trainingChecks(algorithm: Algorithm, { job, metrics }: Options, model: SharedModel): Check[] {
  const channel = firstChannel(algorithm, job);
  const succeed = async (contents: ContainerContents) => finished(await runTraining(algorithm, contents), 0);
  const fail = async (contents: ContainerContents) => finished(await runTraining(algorithm, contents), 1);
  const format = rowFormat(algorithm, job, channel);
  const isCsv = format?.type === 'text/csv';
  const isPiped = (name: string) =>
    (algorithm.channels[name]?.inputModes?.includes('Pipe') ?? true) && rowFormat(algorithm, job, name) !== undefined;
  const validationMetric = Object.hasOwn(algorithm.channels, 'validation')
    ? Object.keys(algorithm.metrics).find((metric) => metric.startsWith('validation:'))
    : undefined;
  const checks: (Check | false)[] = [
    {
      title: 'a job on the sample data leaves a model with its manifest and no failure file',
      run: async () => {
        const result = await model.trained();
        assert.equal(result.failure, undefined);
        assert.ok(result.model.has(MANIFEST_FILE));
      },
    },
    {
      title: 'every metric of the job is found in its log by the derived expression, within its bounds',
      run: async () => {
        const { lines } = await model.trained();
        const hasValidation = Object.keys(job.channels ?? {}).includes('validation');
        for (const [name, { optional }] of Object.entries(algorithm.metrics)) {
          const isAsked = metrics !== undefined && Object.hasOwn(metrics, name);
          if ((optional && !isAsked) || (name.startsWith('validation:') && !hasValidation)) continue;
          const found = lines.map((line) => new RegExp(metricRegex(name)).exec(line)?.[1]).filter(Boolean);
          assert.ok(found.length > 0, `metric ${name} is not in the log`);
          const last = Number(found.at(-1));
          const { atMost = Infinity, atLeast = -Infinity } = metrics?.[name] ?? {};
          assert.ok(last <= atMost && last >= atLeast, `metric ${name} is ${last}`);
        }
      },
    },
    {
      title: 'the same data and hyperparameters give the same model, to the byte',
      run: async () => sameModel(await model.trained(), await succeed(job)),
    },
    format !== undefined && {
      title: 'gzip files give the same model as plain ones',
      run: async () => {
        const compressed = mapFiles(algorithm, job, (content) => gzipSync(content));
        sameModel(await model.trained(), await succeed(compressed));
      },
    },
    Object.keys(job.channels ?? {}).every(isPiped) && {
      title: 'Pipe mode gives the same model as File mode',
      run: async () => {
        const piped = finished(await runPipeTraining(algorithm, job), 0);
        sameModel(await model.trained(), piped);
      },
    },
    isCsv && {
      title: 'CRLF line ends and a byte order mark give the same model',
      run: async () => {
        const windows = mapFiles(algorithm, job, (content) => `\uFEFF${content.toString().replaceAll('\n', '\r\n')}`);
        sameModel(await model.trained(), await succeed(windows));
      },
    },
    {
      title: 'an unknown hyperparameter fails the job and names the hyperparameter',
      run: async () => {
        const { failure, model } = await fail({
          ...job,
          hyperparameters: { ...job.hyperparameters, no_such_thing: '1' },
        });
        assert.match(failure ?? '', /^ClientError: .*"no_such_thing"/);
        assert.equal(model.size, 0);
      },
    },
    validationMetric !== undefined && {
      title: 'a tuning job whose metric needs a channel that is not there fails, naming the channel',
      run: async () => {
        const { validation: _, ...channels } = job.channels ?? {};
        const hyperparameters = { ...job.hyperparameters, _tuning_objective_metric: validationMetric };
        const result = await runTraining(algorithm, { ...job, channels, hyperparameters });
        result.root.remove();
        assert.equal(result.exitCode, 1);
        assert.match(result.failure ?? '', /validation/);
      },
    },
    {
      title: 'a job without its required channel fails and names the channel',
      run: async () => {
        const { failure } = await fail({ ...job, channels: {}, inputDataConfig: {} });
        assert.match(failure ?? '', new RegExp(`^ClientError: .*"${channel}"`));
      },
    },
    isCsv &&
      endsWithNumber(job, channel) && {
        title: 'a text field fails the job and names file, line and column',
        run: async () => {
          const { failure, model } = await fail(withLastRow(job, channel, 'abc'));
          assert.match(failure ?? '', /^ClientError: \S+ line \d+ column \d+.*: .*"abc"/);
          assert.equal(model.size, 0);
        },
      },
    isCsv && {
      title: 'a missing value is read or refused as the definition says',
      run: async () => {
        const { missingValues } = algorithm.values;
        const result = await runTraining(algorithm, withLastRow(job, channel, ''));
        finished(result, missingValues === 'accept' ? 0 : 1);
        if (missingValues === 'refuse') assert.match(result.failure ?? '', /^ClientError: \S+ line \d+ column \d+/);
      },
    },
    {
      title: 'a job that is stopped leaves a whole model, or none and says so',
      run: async () => {
        const { stop, request } = createStopSignal();
        request();
        const result = await runTraining(algorithm, job, stop);
        result.root.remove();
        if (result.exitCode === 0) assert.ok(result.model.has(MANIFEST_FILE));
        else {
          assert.equal(result.model.size, 0);
          assert.match(result.failure ?? '', /^ClientError: .*stop/i);
        }
      },
    },
  ];
  return checks.filter((check) => check !== false);
}

// --- internal ---

function finished(result: TrainingResult, exitCode: 0 | 1): TrainingResult {
  result.root.remove();
  assert.equal(result.exitCode, exitCode, result.failure ?? result.lines.join('\n'));
  return result;
}

function sameModel(one: TrainingResult, other: TrainingResult): void {
  assert.deepEqual([...other.model.keys()], [...one.model.keys()]);
  for (const [name, content] of one.model) assert.deepEqual(other.model.get(name), content, `${name} differs`);
}

/** The channel that a check changes: the first required one, or else the first one of the job. */
function firstChannel(algorithm: Algorithm, job: ContainerContents): string {
  const [required] = Object.entries(algorithm.channels).find(([, { required }]) => required) ?? [];
  const name = required ?? Object.keys(job.channels ?? {})[0];
  assert.ok(name !== undefined, 'the job has no channel');
  return name;
}

/** The content type of a channel of the job; container-root.ts says `text/csv` where the job says nothing. */
function typeOf(job: ContainerContents, name: string): MediaType | undefined {
  return parseContentType(job.inputDataConfig?.[name]?.ContentType ?? 'text/csv');
}

/** The format of a channel's rows; undefined for one of files. */
function rowFormat(algorithm: Algorithm, job: ContainerContents, name: string) {
  const type = typeOf(job, name);
  return type && algorithm.channels[name]?.content !== 'files' ? formatOf(type.type, CHANNEL_FORMATS) : undefined;
}

/** The files of rows changed; others are as they are. */
function mapFiles(
  algorithm: Algorithm,
  job: ContainerContents,
  change: (content: Buffer) => string | Uint8Array,
): ContainerContents {
  const channels = Object.entries(job.channels ?? {}).map(([channel, files]) => {
    const changed = Object.entries(files).map(([name, content]) => [name, change(Buffer.from(content))] as const);
    return [channel, rowFormat(algorithm, job, channel) ? Object.fromEntries(changed) : files] as const;
  });
  return { ...job, channels: Object.fromEntries(channels) };
}

/** Not the first one: that may be a header line. */
function lastLine(content: string): string {
  return content.trimEnd().split('\n').at(-1)!.trimEnd();
}

/** Whether the rows of `channel` end with a column of numbers; in one of text, any text may be a name. */
function endsWithNumber({ channels }: ContainerContents, channel: string): boolean {
  const [content = ''] = Object.values(channels?.[channel] ?? {});
  return Number.isFinite(Number(lastLine(Buffer.from(content).toString()).split(',').at(-1)));
}

/** The job with the last row of the channel's first file once more at its end, the last field replaced. */
function withLastRow(job: ContainerContents, channel: string, field: string): ContainerContents {
  const files = { ...job.channels?.[channel] };
  const [name] = Object.keys(files);
  assert.ok(name, `the job has no file in channel "${channel}"`);
  const content = Buffer.from(files[name]!).toString();
  const row = lastLine(content);
  const changed = row.slice(0, row.lastIndexOf(',') + 1) + field;
  files[name] = `${content.endsWith('\n') ? content : `${content}\n`}${changed}\n`;
  return { ...job, channels: { ...job.channels, [channel]: files } };
}
