/** The input of a prediction: rows, or an image, which is one row of a network for images. */
import { type Block, ClientError, type Predictions, type PredictRequest } from '@algo/contract';
import { type DecodedImage, imageFeatures } from '../images/image.js';
import { predictRows, type ServedModel } from './serve.js';

/**
 * @throws ClientError for an image of another size than the model's, or for a model that takes no images; see predictRows
 */
export function predictInput(
  model: ServedModel,
  input: Block | DecodedImage,
  request: Pick<PredictRequest, 'outputs'>,
): Predictions | Promise<Predictions> {
  if (!('rgb' in input)) return predictRows(model, input, request);
  const { imageShape, featureCount } = model.scorer;
  if (imageShape === undefined) {
    throw new ClientError(
      'E_CONTENT_TYPE',
      `request: this model reads rows of ${featureCount} numbers, not images. Train one with input_shape.`,
    );
  }
  const features = imageFeatures(input, imageShape, 'request');
  return predictRows(model, { features, rows: 1, columns: features.length }, request);
}
