/** A trained network as files, and back to the last bit. */
import { ClientError, type ModelArtifact } from '@algo/contract';
import type { NetworkDefinition, TrainedNetwork, Weights } from '../network/definition.js';
import { sizeOf, weightDefinitions } from '../network/weights.js';
import { NETWORK_FILE, ONNX_FILE, WEIGHTS_FILE } from './files.js';
import { writeLayersModel } from './layers-model.js';
import { networkSchema, writeNetworkFile } from './network-file.js';
import { writeOnnx } from './onnx/network.js';
import { storedWeights } from './stored-weights.js';

/** A protocol buffer cannot be larger than 2 GiB; the graph itself takes far less than a MiB. */
const ONNX_MAX_WEIGHT_BYTES = 2 ** 31 - 2 ** 20;

/**
 * Content by file name: model.json, weights.bin, network.json and, unless its weights are too large for that format,
 * model.onnx. Equal networks give equal bytes.
 */
export function writeModelFiles(network: TrainedNetwork): Readonly<Record<string, Uint8Array | string>> {
  const files = { ...writeLayersModel(network), [NETWORK_FILE]: writeNetworkFile(network) };
  const weightBytes = files[WEIGHTS_FILE].length;
  return weightBytes > ONNX_MAX_WEIGHT_BYTES ? files : { ...files, [ONNX_FILE]: writeOnnx(network) };
}

/**
 * The network of files that `writeModelFiles` made.
 * @throws ClientError E_MODEL naming the file and what is wrong in it
 */
export function readTrainedNetwork(artifact: Pick<ModelArtifact, 'read' | 'readJson'>): TrainedNetwork {
  const file = artifact.readJson(NETWORK_FILE, networkSchema);
  return { ...file, weights: readWeights(artifact.read(WEIGHTS_FILE), file.definition) };
}

// --- internal ---

/** Only the network's own weights: those of the scaling layers follow from the scalings. */
function readWeights(content: Uint8Array, definition: NetworkDefinition): Weights {
  const stored = storedWeights(definition).map(({ name, shape }) => ({ name, size: sizeOf(shape) }));
  const own = new Set(weightDefinitions(definition).map(({ name }) => name));
  const expected = stored.reduce((sum, { size }) => sum + size * Float32Array.BYTES_PER_ELEMENT, 0);
  if (content.length !== expected) {
    throw new ClientError(
      'E_MODEL',
      `${WEIGHTS_FILE} must have ${expected} bytes for the network of ${NETWORK_FILE}; received ${content.length}.`,
    );
  }
  const weights = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, size } of stored) {
    const end = offset + size * Float32Array.BYTES_PER_ELEMENT;
    if (own.has(name)) weights.set(name, readFloats(content.subarray(offset, end), name));
    offset = end;
  }
  return weights;
}

/** A copy, since a part of a file may start at an odd address. */
function readFloats(bytes: Uint8Array, name: string): Float32Array {
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index === -1) return values;
  throw new ClientError(
    'E_MODEL',
    `${WEIGHTS_FILE}, weight "${name}"[${index}] must be a finite number; received ${values[index]}. The file is damaged.`,
  );
}
