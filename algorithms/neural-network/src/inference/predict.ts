/** The input of a prediction: rows, or an image, which is one row of a network for images. */
import { type Block, ClientError, denseRows, type Predictions, type PredictRequest } from '@algo/contract';
import { ImageError, imageFeatures } from '../images/image.js';
import type { SentImage } from '../images/inputs.js';
import type { ServedModel } from './load.js';
import { outputColumns } from './outputs.js';

/** @throws as rowsOfInput and predictRows do */
export function predictInput(
  model: ServedModel,
  input: Block | SentImage,
  request: Pick<PredictRequest, 'outputs'>,
): Predictions | Promise<Predictions> {
  if ('features' in input) return predictRows(model, input, request);
  return rowsOfInput(model, input).then((rows) => predictRows(model, rows, request));
}

/**
 * The rows of an input, so that images of several requests are predicted together.
 * @throws ClientError for an image that is damaged, or of another size than the model's, or for a model that takes no images
 */
export async function rowsOfInput(model: Pick<ServedModel, 'scorer'>, input: Block | SentImage): Promise<Block> {
  if ('features' in input) return input;
  const { imageShape, featureCount } = model.scorer;
  if (imageShape === undefined) {
    throw new ClientError(
      'E_CONTENT_TYPE',
      `request: this model reads rows of ${featureCount} numbers, not images. Train one with input_shape.`,
    );
  }
  try {
    const features = await imageFeatures(input, imageShape, 'request');
    return denseRows(features, features.length);
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    const message = `request: the body must be ${input.contentType}; it cannot be decoded: ${cause.message}.`;
    throw new ClientError('E_REQUEST_BODY', message, { cause });
  }
}

/**
 * The outputs of a request's rows, synchronously if possible.
 * @throws ClientError E_DATA_COLUMNS for rows of another width
 */
export function predictRows(
  model: ServedModel,
  { features, rows, columns }: Pick<Block, 'features' | 'rows' | 'columns'>,
  { outputs: asked }: Pick<PredictRequest, 'outputs'>,
): Predictions | Promise<Predictions> {
  const { outputs, scorer } = model;
  if (columns !== scorer.featureCount) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `Each row must have the model's ${scorer.featureCount} feature columns; received ${columns}.`,
    );
  }
  const names = asked ?? outputs.defaults;
  const scores = scorer.score({ features, rows });
  if (scores instanceof Promise) return scores.then((values) => outputColumns(names, outputs, values));
  return outputColumns(names, outputs, scores);
}
