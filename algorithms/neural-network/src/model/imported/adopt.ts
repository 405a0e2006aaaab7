/**
 * "Bring your own model": a directory without a manifest that contains any TensorFlow.js model, or one trained here
 * that lost its manifest. Other formats are refused with the commands that convert them.
 */
import { type AdoptedModel, ClientError, type ImportedModel, readerOf } from '@algo/contract';
import { LAYERS_MODEL_FILE, NETWORK_FILE, WEIGHTS_FILE } from '../files.js';
import { readTrainedNetwork } from '../trained-network.js';
import { refuseOtherFormats } from './conversions.js';
import { columnNames, featureCountOf, modelInputs } from './inputs.js';
import { looksLikeModel, parseModelJson } from './model-json.js';
import { weightFiles } from './weights.js';

/**
 * The shape of such a directory, or undefined when nothing in it looks like a model.
 * @throws ClientError E_MODEL for a model that cannot be served, naming the file and why
 */
export function adoptModel(model: ImportedModel): AdoptedModel | undefined {
  const { names, read } = model;
  if (names.includes(NETWORK_FILE)) return adoptOwn(names, read);
  const file = modelFile(names, read);
  if (file === undefined) {
    refuseOtherFormats(model);
    return undefined;
  }
  if (!looksLikeModel(read(file))) refuseOtherFormats(model); // a model.json of another program
  const json = parseModelJson(file, read(file));
  const files = [file, ...weightFiles(file, json, names)];
  const inputs = modelInputs(file, json);
  const featureNames = columnNames(inputs);
  return { files, featureCount: featureCountOf(inputs), ...(featureNames && { featureNames }) };
}

/** The one file that is a TensorFlow.js model: model.json, or a single other. @throws ClientError E_MODEL for several */
export function modelFile(names: readonly string[], read: (name: string) => Buffer): string | undefined {
  if (names.includes(LAYERS_MODEL_FILE)) return LAYERS_MODEL_FILE;
  const found = names.filter((name) => name.endsWith('.json') && looksLikeModel(read(name)));
  if (found.length < 2) return found[0];
  throw new ClientError(
    'E_MODEL',
    `A model directory must contain one TensorFlow.js model; received ${found.join(', ')}. Rename the one to serve to ${LAYERS_MODEL_FILE}.`,
  );
}

// --- internal ---

function adoptOwn(names: readonly string[], read: (name: string) => Buffer): AdoptedModel {
  const files = names.filter((name) => name === NETWORK_FILE || name === WEIGHTS_FILE);
  const { definition, featureNames } = readTrainedNetwork(
    readerOf(new Map(files.map((name) => [name, read(name)])), ''),
  );
  return { files, featureCount: definition.featureCount, ...(featureNames && { featureNames }) };
}
