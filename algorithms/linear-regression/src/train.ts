/**
 * A training job: one pass over the rows for the fit, a second one only for the mean absolute error, one over the validation data.
 * The model is saved as soon as it exists, so that a job stopped after the first pass still has it.
 */
import {
  type Block,
  type Channel,
  ClientError,
  isStopError,
  type ReplayableRows,
  replayableRows,
} from '@algo/contract';
import type { Job } from './definition.js';
import { createScorer, type Scorer, type Scores } from './evaluation/scorer.js';
import { ratioOf } from './exact/decimal.js';
import { evaluateCurve, fitCurve, ROW_LIMITS } from './fitting/curve.js';
import { fitElasticNet } from './fitting/elastic-net.js';
import { fitLeastSquares, type LinearFit } from './fitting/least-squares.js';
import { type Hyperparameters, isCurveMethod } from './hyperparameters/index.js';
import { createPredictor, type Predictor } from './inference/predict.js';
import { createLook, type Look } from './interruption.js';
import { linearModel, MODEL_FILE, type Model } from './model/model-file.js';
import { summariseCurve, summariseLinear } from './model/summary.js';
import { columnCount, type ExactSums, triangleIndex } from './sums/exact-sums.js';
import { createGram, type Gram } from './sums/gram.js';

/** Coefficients a model may have: 1,000 take 400 MB and less than a minute to solve for; both grow with the square and more. */
const MAX_COEFFICIENTS = 2000;
/** Rows are kept in memory up to this many bytes, so that small data is read only once. */
const KEPT_BYTES = 32 * 2 ** 20;

export async function train(job: Job): Promise<void> {
  const { validation } = job.channels;
  const predictor = isCurveMethod(job.hyperparameters.method) ? await trainCurve(job) : await trainLinear(job);
  const scores = validation && (await score(openRows(job, validation, 0), predictor));
  if (!scores) return;
  const { rmse, mae, r2 } = scores;
  job.metrics.write({ 'validation:rmse': rmse, 'validation:mae': mae, 'validation:r2': r2 });
}

// --- internal ---

async function trainLinear(job: Job): Promise<Predictor> {
  const { hyperparameters: given } = job;
  const rows = openRows(job, job.channels.train, KEPT_BYTES);
  const sums = await readSums(job, rows);
  job.log.info(`read rows=${sums.rows}, columns=${sums.featureCount}`);
  const fit = fitLinear(sums, given, createLook(job.stop, 'its coefficients were solved for'));
  const method = given.method === 'ridge' || given.method === 'elastic-net' ? given.method : 'ols';
  const model = linearModel(fit, {
    method,
    featureCount: sums.featureCount,
    degree: sums.degree,
    predictionInterval: given.prediction_interval,
  });
  await saveModel(job, model, featureMeans(sums));
  job.writeOutput('summary.json', `${JSON.stringify(summariseLinear(method, fit), null, 2)}\n`);
  // Scores need no intervals, each of which costs the square of the coefficients.
  const { predictionInterval: _, ...plain } = model;
  const predictor = createPredictor(plain);
  const scores = await score(rows, predictor);
  job.metrics.write({
    'train:rmse': Math.sqrt(fit.residualSumOfSquares / fit.totalWeight),
    'train:r2': fit.rSquared,
    ...(scores && { 'train:mae': scores.mae }),
  });
  return predictor;
}

function openRows(job: Job, channel: Channel, keepBytes: number): ReplayableRows {
  return replayableRows(channel, {
    keepBytes,
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

/** The first pass. */
async function readSums(job: Job, rows: ReplayableRows): Promise<ExactSums> {
  const { polynomial_degree: degree, csv_weights } = job.hyperparameters;
  let gram: Gram | undefined;
  for await (const block of rows.pass()) {
    requireOneLabel(block);
    if (!gram) requireCoefficients(block.columns * degree);
    gram ??= createGram({
      featureCount: block.columns,
      degree,
      hasWeights: csv_weights === 1,
      look: createLook(job.stop, 'its rows were read'),
    });
    gram.addBlock(block);
  }
  return gram!.sums(); // a pass has rows
}

async function trainCurve(job: Job): Promise<Predictor> {
  const { method, polynomial_degree: degree, fit_intercept: hasIntercept, seed } = job.hyperparameters;
  if (!isCurveMethod(method)) throw new TypeError(`trainCurve: "${method}" is not a curve method.`);
  const x: number[] = [];
  const y: number[] = [];
  for await (const block of openRows(job, job.channels.train, 0).pass()) {
    requireOneLabel(block);
    if (block.columns !== 1) {
      throw new ClientError(
        'E_DATA_COLUMNS',
        `Method ${method} fits exactly 1 feature column; received ${block.columns}. Use method ols for more.`,
      );
    }
    for (let row = 0; row < block.rows; row++) {
      x.push(block.features[row]!);
      y.push(block.labels[row]!);
    }
    if (x.length > ROW_LIMITS[method]) {
      throw new ClientError(
        'E_DATA_ROWS',
        `Method ${method} keeps its rows in memory and accepts at most ${ROW_LIMITS[method]} of them; channel "train" has more. Train on a sample, or use method ols.`,
      );
    }
  }
  job.log.info(`read rows=${x.length}, columns=1`);
  // The library does not look at the stop.
  const curve = await job.interruptible(() => fitCurve(method, x, y, { degree, hasIntercept, seed }));
  const model: Model = { kind: 'curve', method, featureCount: 1, curve };
  await saveModel(job, model, [x.reduce((sum, value) => sum + value / x.length, 0)]);
  const scorer = createScorer();
  evaluateCurve(curve, x).forEach((prediction, i) => {
    scorer.add(prediction, y[i]!, 1);
  });
  const scores = requireFinite(scorer.scores(), 'Channel "train"');
  job.writeOutput('summary.json', `${JSON.stringify(summariseCurve(method, x.length, curve, scores), null, 2)}\n`);
  job.metrics.write({ 'train:rmse': scores.rmse, 'train:mae': scores.mae, 'train:r2': scores.r2 });
  return createPredictor(model);
}

/** Errors of the model on all rows; undefined when a stop comes before their end. */
async function score(rows: ReplayableRows, predictor: Predictor): Promise<Scores | undefined> {
  const scorer = createScorer();
  try {
    for await (const block of rows.pass()) addScores(scorer, block, predictor);
  } catch (error) {
    if (isStopError(error)) return undefined;
    throw error;
  }
  return requireFinite(scorer.scores(), `Channel "${rows.name}"`);
}

function addScores(scorer: Scorer, block: Block, predictor: Predictor): void {
  requireOneLabel(block);
  if (block.columns !== predictor.model.featureCount) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${block.source}: rows must have ${predictor.model.featureCount} feature columns as in channel "train"; received ${block.columns}.`,
    );
  }
  const { score: predictions } = predictor.predict(block.features, block.rows);
  for (let row = 0; row < block.rows; row++) {
    scorer.add(predictions[row]!, block.labels[row]!, block.weights ? block.weights[row]! : 1);
  }
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

function requireOneLabel(block: Block): void {
  if (block.labelCount === 1) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${block.source}: linear regression needs exactly 1 label column; received label_size ${block.labelCount}.`,
  );
}

function requireCoefficients(count: number): void {
  if (count <= MAX_COEFFICIENTS) return;
  throw new ClientError(
    'E_DATA_SIZE',
    `Features times polynomial_degree must be at most ${MAX_COEFFICIENTS}; received ${count}.`,
  );
}

function requireFinite(scores: Scores, place: string): Scores {
  if (Object.values(scores).every(Number.isFinite)) return scores;
  throw new ClientError(
    'E_DATA_RANGE',
    `${place}: the errors must be finite; the predictions exceed the range of a double, or no row has a weight above 0.`,
  );
}
