/**
 * The steps of a validation, in order. Each gives one sentence about what it checked, or throws the cause.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isImageProgram, type Program } from '../container/program.js';
import { prepareModel } from '../endpoint/model.js';
import { JobError, messageOf } from '../errors.js';
import { digestFile, listFiles } from '../files/file-tree.js';
import { makeFolder } from '../files/folder.js';
import { packFolder } from '../files/pack-archive.js';
import { mediaTypeOf } from '../media-type.js';
import { createImageSteps } from './image-validation.js';
import { checkMetricBounds } from './metric-bounds.js';
import { type OutputPair, settleOutputs } from './stored-outputs.js';
import { transform, transformMore } from './transform-steps.js';
import type { ValidationStep, ValidationWork } from './validation-request.js';
import {
  isModelPackage,
  runProfileJob,
  startProfileEndpoint,
  stopServer,
  trainingProgramOf,
} from './validation-run.js';

export function createValidationSteps(work: ValidationWork): readonly ValidationStep[] {
  const { transformJob, moreTransformJobs, realTime } = work.profile;
  const steps: ValidationStep[] = isModelPackage(work)
    ? [{ name: 'model', needs: [], run: () => packModel(work) }]
    : [
        { name: 'training job', needs: [], run: () => train(work) },
        { name: 'model', needs: ['training job'], run: () => openModel(work) },
      ];
  if (work.trainingProgram) {
    const program = work.trainingProgram;
    steps.push({ name: 'training image serves', needs: ['model'], run: () => answerFirst(work, program) });
  }
  const needs = [work.trainingProgram ? 'training image serves' : 'model'];
  if (transformJob) {
    steps.push({ name: 'batch transform', needs, run: () => transform(work, transformJob) });
  }
  if (moreTransformJobs.length > 0) {
    steps.push({ name: 'more batches', needs, run: () => transformMore(work, moreTransformJobs) });
  }
  steps.push({ name: 'endpoint', needs, run: () => start(work) });
  if (realTime.length > 0) steps.push({ name: 'invocations', needs: ['endpoint'], run: () => invokeAll(work) });
  steps.push({ name: 'stop', needs: ['endpoint'], isCleanUp: true, run: () => stopServer(work.endpoint) });
  return isImageProgram(work.program) ? steps.concat(createImageSteps(work, work.program)) : steps;
}

// --- internal ---

async function train(work: ValidationWork): Promise<string> {
  const { profile, description } = work;
  const result = await runProfileJob(work, trainingProgramOf(work), 'training-job');
  work.training = result;
  work.modelArchive = result.modelArchive;
  const bounds = checkMetricBounds(result.finalMetrics, profile.metricBounds);
  const found = Object.keys(result.finalMetrics).length;
  const declared = description.TrainingSpecification?.MetricDefinitions.length ?? 0;
  return `Completed; ${found} of ${declared} metrics found${bounds ? `, ${bounds}` : ''}`;
}

/** Whatever the files of a model package are, its model.tar.gz is what CreateModelPackage takes. */
async function packModel(work: ValidationWork): Promise<string> {
  const { model } = work.profile;
  if (model === undefined) return 'in the image; no artifacts';
  const path = join(work.inputs, model);
  if (statSync(path).isDirectory()) {
    work.modelArchive = join(work.directory, 'model.tar.gz');
    await packFolder(path, work.modelArchive);
  } else work.modelArchive = path;
  return openModel(work);
}

async function openModel(work: ValidationWork): Promise<string> {
  const { modelArchive: archive } = work;
  if (archive === undefined) throw new JobError('there is no model');
  const tree = await prepareModel(archive, join(work.directory, 'model'), work.stop);
  const files = listFiles(tree.model, 'Model');
  work.modelDigest = await digestFile(archive);
  const bytes = statSync(archive).size;
  return `model.tar.gz ${formatBytes(bytes)}, ${count(files.length, 'file')}, sha256 ${work.modelDigest.slice(0, 12)}…`;
}

/**
 * What the training image itself answers with its model is what the inference image must answer: the stored outputs are those of
 * one image, and a model that another processor or GPU trained is another one. One that only trains leaves the stored ones.
 */
async function answerFirst(work: ValidationWork, program: Program): Promise<string> {
  const directory = join(work.directory, 'training-image');
  const sampleData = join(directory, 'expected');
  const own: ValidationWork = { ...work, program, directory, sampleData, isUpdate: true };
  const { transformJob, moreTransformJobs, realTime } = own.profile;
  try {
    await start(own);
  } catch (error) {
    work.stop?.throwIfAborted();
    return `it does not serve, so outputs must be the stored ones: ${messageOf(error)}`;
  }
  try {
    if (realTime.length > 0) await invokeAll(own);
  } finally {
    await stopServer(own.endpoint);
  }
  if (transformJob) await transform(own, transformJob);
  if (moreTransformJobs.length > 0) await transformMore(own, moreTransformJobs);
  work.expected = sampleData;
  return `${count(listFiles(sampleData, 'Outputs').length, 'output')} of its own model, which the inference image must give too`;
}

async function start(work: ValidationWork): Promise<string> {
  const endpoint = await startProfileEndpoint(work, work.program, 'endpoint');
  work.endpoint = endpoint;
  const body = endpoint.firstPing.body.length;
  return `/ping 200 after ${endpoint.readySeconds.toFixed(2)} s, ${body === 0 ? 'empty body' : `a body of ${body} bytes`}`;
}

async function invokeAll(work: ValidationWork): Promise<string> {
  const { endpoint, profile } = work;
  if (!endpoint) throw new JobError('there is no endpoint');
  const folder = join(work.directory, 'endpoint', 'output');
  const pairs: OutputPair[] = [];
  let slowestMs = 0;
  for (const { input, contentType, accept, expectedOutput } of profile.realTime) {
    work.stop?.throwIfAborted();
    const body = readFileSync(join(work.inputs, input));
    const began = performance.now();
    const answer = await endpoint.invoke({ body, contentType, accept }).catch((error) => {
      throw new JobError(`${input}: ${messageOf(error)}`, { cause: error });
    });
    slowestMs = Math.max(slowestMs, performance.now() - began);
    if (answer.status !== 200) {
      const text = answer.body.toString('utf8').slice(0, 2048);
      throw new JobError(`${input}: /invocations must answer 200; it answered ${answer.status}: ${text}`);
    }
    const type = answer.headers['content-type'] ?? '';
    if (mediaTypeOf(type) !== mediaTypeOf(accept)) {
      throw new JobError(`${input}: the answer must be ${accept}; its Content-Type is "${type}"`);
    }
    const received = join(folder, `${input}.out`);
    makeFolder(dirname(received));
    writeFileSync(received, answer.body);
    pairs.push({ name: expectedOutput, received, contentType: accept });
  }
  const compared = settleOutputs(work, pairs, []);
  return `${count(pairs.length, 'sample')}, slowest ${slowestMs.toFixed(0)} ms; ${compared}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function formatBytes(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(0)} kB`;
}
