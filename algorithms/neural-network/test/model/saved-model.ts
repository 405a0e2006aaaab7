/** The files that `model.save` of TensorFlow.js makes. */
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Content by file name; the weights are in as many files as `shards` says. */
export async function savedModel(model: LayersModel, shards = 1): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  await model.save(
    io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weights = Buffer.from(new Uint8Array(io.CompositeArrayBuffer.join(weightData)));
      const size = Math.ceil(weights.length / shards);
      const paths = Array.from({ length: shards }, (_, index) => `group1-shard${index + 1}of${shards}.bin`);
      for (const [index, path] of paths.entries()) files.set(path, weights.subarray(index * size, (index + 1) * size));
      const json = { format: 'layers-model', modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] };
      files.set('model.json', Buffer.from(JSON.stringify(json)));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return files;
}
