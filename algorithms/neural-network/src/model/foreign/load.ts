/**
 * A model of another program, loaded into the engine's backend. TensorFlow.js's own runtimes do the work: tfjs-layers for
 * a LayersModel, tfjs-converter for a GraphModel, both imported only when there is such a model.
 */
import { ClientError } from '@algo/contract';
import { io, type Tensor } from '@tensorflow/tfjs-core';
import { inputTensors } from './input-tensors.js';
import { featureCountOf, modelInputs } from './inputs.js';
import { isGraphModel, type ModelJson, parseModelJson } from './model-json.js';
import { joinWeights } from './weights.js';

export interface LoadedForeignModel {
  readonly featureCount: number;
  /** Rows that it takes at once, when it takes no other number. */
  readonly batchSize: number | undefined;
  /**
   * The outputs for rows, in the model's order; the caller disposes them.
   * @param features [rows × featureCount]
   * @throws ClientError E_MODEL when TensorFlow.js cannot run it, E_DATA_NUMBER for a value that an input does not take
   */
  run(features: Float64Array | Float32Array, rows: number): Promise<readonly Tensor[]>;
  dispose(): void;
}

/** @throws ClientError E_MODEL when TensorFlow.js does not know a layer, or the weights do not fit */
export async function loadForeignModel(file: string, read: (name: string) => Buffer): Promise<LoadedForeignModel> {
  const json = parseModelJson(file, read(file).toString('utf8'));
  const inputs = modelInputs(file, json);
  const handler = memoryHandler(json, joinWeights(file, json, read));
  let runtime: Runtime;
  try {
    runtime = isGraphModel(json) ? await loadGraph(handler) : await loadLayers(handler);
  } catch (error) {
    throw unusable(file, json, error);
  }
  return {
    featureCount: featureCountOf(inputs),
    batchSize: inputs[0]!.batchSize,
    async run(features, rows) {
      const tensors = inputTensors(inputs, features, rows);
      try {
        const outputs = await runtime.execute(tensors);
        // A model that hands an input through gives the caller a tensor of its own.
        return outputs.map((output) => (tensors.has(output) ? output.clone() : output));
      } catch (error) {
        throw unusable(file, json, error);
      } finally {
        for (const tensor of tensors.keys()) tensor.dispose();
      }
    },
    dispose: runtime.dispose,
  };
}

/** What TensorFlow.js says of a model that it cannot use, as the caller's error. */
export function unusable(file: string, json: ModelJson | undefined, error: unknown): ClientError {
  const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const hint = String(json?.modelTopology.keras_version ?? '').startsWith('3')
    ? ' It was saved by Keras 3, whose layout TensorFlow.js reads in part only: export a SavedModel and convert that.'
    : '';
  return new ClientError('E_MODEL', `${file}: TensorFlow.js cannot use this model: ${said}${hint}`, { cause: error });
}

// --- internal ---

interface Runtime {
  /** @param inputs tensors with the names of the inputs, in order */
  execute(inputs: ReadonlyMap<Tensor, string>): Promise<readonly Tensor[]>;
  dispose(): void;
}

function memoryHandler(json: ModelJson, weightData: ArrayBuffer): io.IOHandler {
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  const artifacts = io.getModelArtifactsForJSONSync(
    // The schema has checked what of this type matters here; the rest is passed through.
    json as unknown as io.ModelJSON,
    weightSpecs as unknown as io.WeightsManifestEntry[],
    weightData,
  );
  return { load: () => Promise.resolve(artifacts) };
}

async function loadLayers(handler: io.IOHandler): Promise<Runtime> {
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
  const model = await loadLayersModel(handler);
  return {
    async execute(inputs) {
      const tensors = [...inputs.keys()];
      return listOf(model.predict(tensors, { batchSize: tensors[0]!.shape[0]! }));
    },
    dispose: () => void model.dispose(),
  };
}

async function loadGraph(handler: io.IOHandler): Promise<Runtime> {
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  const model = await loadGraphModel(handler);
  let isDynamic = false;
  return {
    async execute(inputs) {
      const named = Object.fromEntries([...inputs].map(([tensor, name]) => [name, tensor]));
      if (!isDynamic) {
        try {
          return listOf(model.execute(named));
        } catch (error) {
          // Loops, conditions and outputs of unknown size are refused with advice to use the other function.
          if (!(error instanceof Error && error.message.includes('executeAsync'))) throw error;
          isDynamic = true;
        }
      }
      return listOf(await model.executeAsync(named));
    },
    dispose: () => model.dispose(),
  };
}

function listOf(outputs: Tensor | Tensor[]): readonly Tensor[] {
  return Array.isArray(outputs) ? outputs : [outputs];
}
