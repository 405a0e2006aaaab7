/**
 * A training job: one pass over the rows for the fit, a second one only for the mean absolute error, one over the validation data.
 * The model is saved as soon as it exists, so that a job stopped after the first pass still has it. Several hosts add up what they
 * have found in their rows, and do the same from there.
 */
import {
  type Channel,
  ClientError,
  type Communicator,
  describeShare,
  placeOfRow,
  type ReplayableRows,
  type ReplayOptions,
  replayableRows,
} from '@algo/contract';
import type { Job } from './definition.js';
import { requireFinite, scoreRows } from './evaluation/score-rows.js';
import { createScorer } from './evaluation/scorer.js';
import { ratioOf } from './exact/decimal.js';
import { type CurveMethod, evaluateCurve, fitCurve, ROW_LIMITS, requireInDomain } from './fitting/curve.js';
import { fitElasticNet } from './fitting/elastic-net.js';
import { fitLeastSquares, type LinearFit } from './fitting/least-squares.js';
import { type Hyperparameters, isCurveMethod } from './hyperparameters/index.js';
import { createPredictor, type Predictor } from './inference/predict.js';
import { createLook, type Look } from './interruption.js';
import { linearModel, MODEL_FILE, type Model } from './model/model-file.js';
import { summariseCurve, summariseLinear } from './model/summary.js';
import { requireOneLabel } from './one-label.js';
import { type Points, pointsOfHosts } from './points-of-hosts.js';
import { columnCount, type ExactSums, emptySums, triangleIndex } from './sums/exact-sums.js';
import { createGram, type Gram } from './sums/gram.js';
import { sumOverHosts } from './sums/sum-over-hosts.js';

/** Coefficients a model may have: 1,000 take 400 MB and less than a minute to solve for; both grow with the square and more. */
const MAX_COEFFICIENTS = 2000;
/** Rows are kept in memory up to this many bytes, so that small data is read only once. */
const KEPT_BYTES = 32 * 2 ** 20;

export async function train(job: Job): Promise<void> {
  const hosts = await job.communicator();
  const { validation } = job.channels; // of connected hosts, since this one may lack it
  const isCurve = isCurveMethod(job.hyperparameters.method);
  const predictor = isCurve ? await trainCurve(job, hosts) : await trainLinear(job, hosts);
  const scores = validation && (await scoreRows(validation, openRows(job, validation, UNAGREED), predictor, hosts));
  if (!scores) return;
  const { rmse, mae, r2 } = scores;
  job.metrics.write({ 'validation:rmse': rmse, 'validation:mae': mae, 'validation:r2': r2 });
}

// --- internal ---

async function trainLinear(job: Job, hosts: Communicator): Promise<Predictor> {
  const { hyperparameters: given } = job;
  const rows = openRows(job, job.channels.train, { keepBytes: KEPT_BYTES });
  const sums = await readSums(job, rows, hosts);
  logRead(job, { rows: sums.rows, columns: sums.featureCount, own: rows.rows }, hosts);
  const fit = fitLinear(sums, given, createLook(job.stop, 'its coefficients were solved for'));
  const method = given.method === 'ridge' || given.method === 'elastic-net' ? given.method : 'ols';
  const model = linearModel(fit, {
    method,
    featureCount: sums.featureCount,
    degree: sums.degree,
    predictionInterval: given.prediction_interval,
  });
  if (hosts.rank === 0) {
    await saveModel(job, model, featureMeans(sums));
    job.writeOutput('summary.json', `${JSON.stringify(summariseLinear(method, fit), null, 2)}\n`);
  }
  // Scores need no intervals, each of which costs the square of the coefficients.
  const { predictionInterval: _, ...plain } = model;
  const predictor = createPredictor(plain);
  const scores = await scoreRows(job.channels.train, rows, predictor, hosts);
  job.metrics.write({
    'train:rmse': Math.sqrt(fit.residualSumOfSquares / fit.totalWeight),
    'train:r2': fit.rSquared,
    ...(scores && { 'train:mae': scores.mae }),
  });
  return predictor;
}

/** A pass whose end the hosts need not come to together. */
const UNAGREED = { keepBytes: 0, areAgreed: false };

function openRows(job: Job, channel: Channel, keeping: Pick<ReplayOptions, 'keepBytes' | 'areAgreed'>): ReplayableRows {
  return replayableRows(channel, {
    ...keeping,
    read: { hasWeights: job.hyperparameters.csv_weights === 1 },
    stop: job.stop,
    before: 'there was a model',
    progress: (line) => job.progress(line),
  });
}

function fitLinear(sums: ExactSums, { method, l1, l2, fit_intercept }: Hyperparameters, look: Look): LinearFit {
  if (method === 'elastic-net') return fitElasticNet(sums, { hasIntercept: fit_intercept, l1, l2 }, look);
  return fitLeastSquares(sums, { hasIntercept: fit_intercept, l2 }, look);
}

function logRead({ log }: Job, found: { rows: number; columns: number; own: number }, hosts: Communicator): void {
  log.info(`read rows=${found.rows}, columns=${found.columns}${describeShare(hosts, [found.own])}`);
}

/** The first pass, and the sums of the rows of all hosts. */
async function readSums(job: Job, rows: ReplayableRows, hosts: Communicator): Promise<ExactSums> {
  const { polynomial_degree: degree, csv_weights } = job.hyperparameters;
  const look = createLook(job.stop, 'its rows were read');
  let gram: Gram | undefined;
  for await (const block of rows.pass()) {
    requireOneLabel(job.channels.train, block);
    if (!gram) requireCoefficients(block.columns * degree);
    gram ??= createGram({
      featureCount: block.columns,
      degree,
      hasWeights: csv_weights === 1,
      look,
    });
    gram.addBlock(block);
  }
  const own = gram?.sums() ?? emptySums({ featureCount: rows.columns, degree }); // other hosts have rows
  return sumOverHosts(own, hosts, look);
}

async function trainCurve(job: Job, hosts: Communicator): Promise<Predictor> {
  const { method, polynomial_degree: degree, fit_intercept: hasIntercept, seed } = job.hyperparameters;
  if (!isCurveMethod(method)) throw new TypeError(`trainCurve: "${method}" is not a curve method.`);
  const own: Points = { x: [], y: [] };
  const channel = job.channels.train;
  const rows = openRows(job, channel, { keepBytes: 0 });
  for await (const block of rows.pass()) {
    requireOneLabel(channel, block);
    if (block.columns !== 1) {
      throw new ClientError(
        'E_DATA_COLUMNS',
        `${placeOfRow(channel, block)}: method ${method} fits exactly 1 feature column; received ${block.columns}. Use method ols for more.`,
      );
    }
    requireInDomain(method, block, (row) => placeOfRow(channel, block, row));
    for (let row = 0; row < block.rows; row++) {
      own.x.push(block.features[row]!);
      own.y.push(block.labels[row]!);
    }
    requireFewRows(method, rows.rows);
  }
  requireFewRows(method, rows.numbers.total);
  const { x, y } = pointsOfHosts(own, rows.numbers, hosts);
  logRead(job, { rows: x.length, columns: 1, own: own.x.length }, hosts);
  // The library does not look at the stop.
  const curve = await job.interruptible(() => fitCurve(method, x, y, { degree, hasIntercept, seed }));
  const model: Model = { kind: 'curve', method, featureCount: 1, curve };
  if (hosts.rank === 0) await saveModel(job, model, [x.reduce((sum, value) => sum + value / x.length, 0)]);
  const scorer = createScorer();
  evaluateCurve(curve, x).forEach((prediction, i) => {
    scorer.add(prediction, y[i]!, 1);
  });
  const scores = requireFinite(scorer.scores(), 'Channel "train"');
  job.writeOutput('summary.json', `${JSON.stringify(summariseCurve(method, x.length, curve, scores), null, 2)}\n`);
  job.metrics.write({ 'train:rmse': scores.rmse, 'train:mae': scores.mae, 'train:r2': scores.r2 });
  return createPredictor(model);
}

function requireFewRows(method: CurveMethod, rows: number): void {
  if (rows <= ROW_LIMITS[method]) return;
  throw new ClientError(
    'E_DATA_ROWS',
    `Method ${method} keeps its rows in memory and accepts at most ${ROW_LIMITS[method]} of them; channel "train" has more. Train on a sample, or use method ols.`,
  );
}

function saveModel(job: Job, model: Model, exampleRow: readonly number[]): Promise<void> {
  return job.saveModel({
    files: { [MODEL_FILE]: `${JSON.stringify(model)}\n` },
    featureCount: model.featureCount,
    exampleRow,
  });
}

/** The mean row: a row that the model can surely predict, and the same for any order of the rows. */
function featureMeans(sums: ExactSums): number[] {
  const columns = columnCount(sums);
  return Array.from({ length: sums.featureCount }, (_, f) =>
    ratioOf(sums.sums[triangleIndex(columns, 0, 1 + f * sums.degree)]!, sums.sums[0]!),
  );
}

function requireCoefficients(count: number): void {
  if (count <= MAX_COEFFICIENTS) return;
  throw new ClientError(
    'E_DATA_SIZE',
    `Features times polynomial_degree must be at most ${MAX_COEFFICIENTS}; received ${count}.`,
  );
}
