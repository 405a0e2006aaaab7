/** The input of a prediction: rows, or an image, which is one row of a network for images. */
import { type Block, ClientError, denseRows, type Predictions, type PredictRequest } from '@algo/contract';
import { type DecodedImage, imageFeatures } from '../images/image.js';
import { predictRows, type ServedModel } from './serve.js';

/** @throws as rowsOfInput and predictRows do */
export function predictInput(
  model: ServedModel,
  input: Block | DecodedImage,
  request: Pick<PredictRequest, 'outputs'>,
): Predictions | Promise<Predictions> {
  return predictRows(model, rowsOfInput(model, input), request);
}

/**
 * The rows of an input, so that images of several requests are predicted together.
 * @throws ClientError for an image of another size than the model's, or for a model that takes no images
 */
export function rowsOfInput(model: Pick<ServedModel, 'scorer'>, input: Block | DecodedImage): Block {
  if (!('rgb' in input)) return input;
  const { imageShape, featureCount } = model.scorer;
  if (imageShape === undefined) {
    throw new ClientError(
      'E_CONTENT_TYPE',
      `request: this model reads rows of ${featureCount} numbers, not images. Train one with input_shape.`,
    );
  }
  const features = imageFeatures(input, imageShape, 'request');
  return denseRows(features, features.length);
}
