/**
 * An imported model, loaded into the engine's backend. TensorFlow.js's own runtimes do the work: tfjs-layers for
 * a LayersModel, tfjs-converter for a GraphModel, both imported only when there is such a model.
 */
import { ClientError } from '@algo/contract';
import { io, type Tensor } from '@tensorflow/tfjs-core';
import { signatureOutputs } from './graph-inputs.js';
import { inputTensors } from './input-tensors.js';
import { featureCountOf, imageShapeOf, type ModelInput, modelInputs } from './inputs.js';
import { isGraphModel, type ModelJson, parseModelJson } from './model-json.js';
import { registerNormalizations, trainingNormalizations } from './training-normalization.js';
import { refuseUnlikeKeras } from './unlike-keras.js';
import { joinWeights } from './weights.js';

/** The files of a model, read and checked: what does not depend on where it will run. */
export interface ImportedModelFiles {
  readonly file: string;
  readonly json: ModelJson;
  readonly inputs: readonly ModelInput[];
  readonly weightData: ArrayBuffer;
}

export interface LoadedImportedModel {
  readonly inputs: readonly ModelInput[];
  /** Names of the outputs, in the model's order, all different. */
  readonly outputNames: readonly string[];
  readonly featureCount: number;
  /** Height, width and channels of a model for images, which has one input of that shape. */
  readonly imageShape: readonly [number, number, number] | undefined;
  /** The batch size, if the model has a fixed one. */
  readonly batchSize: number | undefined;
  /**
   * The outputs for rows, in the order of their names; the caller disposes them.
   * @param features [rows × featureCount]
   * @throws ClientError E_MODEL when TensorFlow.js cannot run it, E_DATA_NUMBER for a value that an input does not take
   */
  run(features: Float64Array | Float32Array, rows: number): Promise<readonly Tensor[]>;
  dispose(): void;
}

/** @throws ClientError E_MODEL naming the file and what is wrong in it */
export function readImportedModel(file: string, read: (name: string) => Buffer): ImportedModelFiles {
  const json = parseModelJson(file, read(file));
  return { file, json, inputs: modelInputs(file, json), weightData: joinWeights(file, json, read) };
}

/** @throws ClientError E_MODEL when TensorFlow.js does not know a layer, or the weights do not fit */
export async function loadImportedModel(files: ImportedModelFiles): Promise<LoadedImportedModel> {
  const { file, json, inputs } = files;
  const handler = memoryHandler(files);
  let runtime: Runtime;
  try {
    runtime = isGraphModel(json) ? await loadGraph(handler, json) : await loadLayers(handler, json);
  } catch (error) {
    throw unusable(file, json, error);
  }
  return {
    inputs,
    outputNames: distinct(runtime.outputNames),
    featureCount: featureCountOf(inputs),
    imageShape: imageShapeOf(inputs),
    batchSize: inputs[0]!.batchSize,
    async run(features, rows) {
      const tensors = inputTensors(inputs, features, rows);
      try {
        const outputs = await runtime.execute(tensors);
        if (outputs.length !== runtime.outputNames.length || outputs.includes(undefined as never)) {
          throw new Error(`it must have the outputs ${runtime.outputNames.join(', ')}; some are never computed`);
        }
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
function unusable(file: string, json: ModelJson | undefined, error: unknown): ClientError {
  const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const sentence = `${said.replace(/ This may be due to one of the following reasons:$/, '').replace(/\.$/, '')}.`;
  if (json && said.startsWith('Cannot compute the outputs') && hasScatteredLoops(json)) {
    return new ClientError('E_MODEL', `${file}: TensorFlow.js cannot run the loops of this graph. ${WITH_LOOPS}`, {
      cause: error,
    });
  }
  const hint = json && !isGraphModel(json) ? ` ${asGraph(json)}` : '';
  return new ClientError('E_MODEL', `${file}: TensorFlow.js cannot use this model: ${sentence}${hint}`, {
    cause: error,
  });
}

// --- internal ---

const WITH_LOOPS =
  'Convert it so that they stay whole, such as those of an LSTM or GRU: tensorflowjs_converter --input_format=tf_saved_model --control_flow_v2=True saved_model converted.';

/** Whether loops lie among the nodes of the graph, which is what the converter makes of them without its option. */
function hasScatteredLoops({ modelTopology: { node } }: ModelJson): boolean {
  return Array.isArray(node) && node.some(({ op }: { op?: unknown }) => op === 'NextIteration');
}

/** What helps where TensorFlow.js lacks a layer, or builds it in another way than Keras: the same model as a graph. */
function asGraph({ modelTopology }: ModelJson): string {
  const isOfKeras3 = String(modelTopology.keras_version ?? '').startsWith('3');
  const reason = isOfKeras3
    ? 'It was saved by Keras 3, whose layout TensorFlow.js reads in part only'
    : 'It may run as a graph';
  return `${reason}: export a SavedModel, model.export("saved_model"), and convert that: tensorflowjs_converter --input_format=tf_saved_model saved_model converted.`;
}

interface Runtime {
  readonly outputNames: readonly string[];
  /** @param inputs tensors with the names of the inputs, in order */
  execute(inputs: ReadonlyMap<Tensor, string>): Promise<readonly Tensor[]>;
  dispose(): void;
}

function memoryHandler({ json, weightData }: ImportedModelFiles): io.IOHandler {
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  const artifacts = io.getModelArtifactsForJSONSync(
    // The schema has checked the relevant part of this type; the rest is passed through.
    json as unknown as io.ModelJSON,
    weightSpecs as unknown as io.WeightsManifestEntry[],
    weightData,
  );
  return { load: () => Promise.resolve(artifacts) };
}

async function loadLayers(handler: io.IOHandler, json: ModelJson): Promise<Runtime> {
  const { loadLayersModel, Sequential } = await import('@tensorflow/tfjs-layers');
  const model = await loadLayersModel(handler);
  refuseUnlikeKeras(model, json);
  // A sequence knows the names of its outputs once it is built, which predicting does otherwise.
  if (model instanceof Sequential) model.build();
  return {
    outputNames: model.outputNames,
    async execute(inputs) {
      const tensors = [...inputs.keys()];
      return listOf(model.predict(tensors, { batchSize: tensors[0]!.shape[0]! }));
    },
    dispose: () => void model.dispose(),
  };
}

async function loadGraph(handler: io.IOHandler, json: ModelJson): Promise<Runtime> {
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
  await registerNormalizations(trainingNormalizations(json));
  const model = await loadGraphModel(handler);
  // Asked for by name: the runtime's own list mixes up outputs that come from one node.
  const outputNames = signatureOutputs(json) ?? model.outputNodes;
  let isDynamic = false;
  return {
    outputNames,
    async execute(inputs) {
      const named = Object.fromEntries([...inputs].map(([tensor, name]) => [name, tensor]));
      if (!isDynamic) {
        try {
          return listOf(model.execute(named, [...outputNames]));
        } catch (error) {
          // Loops, conditions and outputs of unknown size are refused with advice to use the other function.
          if (!(error instanceof Error && error.message.includes('executeAsync'))) throw error;
          isDynamic = true;
        }
      }
      return listOf(await model.executeAsync(named, [...outputNames]));
    },
    dispose: () => model.dispose(),
  };
}

/** Two outputs of one layer have one name in a LayersModel: the second becomes `name_1`. */
function distinct(names: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let count = 1; used.has(own); count++) own = `${name}_${count}`;
    used.add(own);
    return own;
  });
}

function listOf(outputs: Tensor | Tensor[]): readonly Tensor[] {
  return Array.isArray(outputs) ? outputs : [outputs];
}
