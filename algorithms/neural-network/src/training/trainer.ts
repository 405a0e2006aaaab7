/**
 * Training of a network, step by step: forward, loss, backward, update, all enqueued on the device. Nothing is read back
 * but what is asked for.
 */

import { streamSeed } from '@algo/numerics';
import { keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { TrainedNetwork, Weights } from '../network/definition.js';
import { type InputTensors, lossOf } from '../network/forward.js';
import type { TrainingPass, WeightTensors } from '../network/layers/index.js';
import { createPasses } from '../network/passes.js';
import {
  disposeWeights,
  download,
  downloadWeights,
  uploadWeights,
  withUnknownCategories,
} from '../network/weight-tensors.js';
import { weightDefinitions } from '../network/weights.js';
import { add, upload } from '../operations/composed/kernels.js';
import type { Operations, OptimizerRule } from '../operations/operations.js';

export interface Batch {
  readonly inputs: InputTensors;
  /** As `Operations.loss` wants them; of a regression, standardized. */
  readonly labels: Tensor;
  /** [rows], or undefined for 1 each */
  readonly weights: Tensor | undefined;
  readonly rows: number;
  /** Sum of the weights: the gradient is that of the weighted mean loss. A batch without weight changes nothing. */
  readonly weightSum: number;
}

/** The state that training can resume from. */
export interface TrainerState {
  /** Steps done. */
  readonly step: number;
  readonly weights: Weights;
  /** Of the optimizer, in the order of `OptimizerState.moments`. */
  readonly moments: readonly Float32Array[];
  /** The device's sum of losses that was not taken yet; undefined where no step followed the last taking. */
  readonly lossSum?: number | undefined;
}

export interface Trainer {
  /** Enqueues one update. Penalties are part of the gradient, not of the loss that is summed. */
  step(batch: Batch, learningRate: number): void;
  /** Sum of the batches' weighted losses since the last call, read from the device. */
  takeLoss(): Promise<number>;
  /** As of `Predictor`, with the weights now. */
  outputs(inputs: InputTensors): Tensor;
  /** As of `Predictor`, with the weights now. */
  predictions(inputs: InputTensors): Tensor;
  /**
   * The network with copies of the weights now. The embedding of unknown values is the mean of the known ones', whatever
   * training has made of it: it seldom meets any.
   */
  network(): Promise<TrainedNetwork>;
  /** Copies of all that a checkpoint must hold. */
  state(): Promise<TrainerState>;
  /** Frees the weights and the optimizer. */
  dispose(): void;
}

/**
 * @param network where training starts
 * @param options.seed of dropout
 * @param options.state of an earlier training with the same options; its weights replace the network's
 */
export function createTrainer(
  operations: Operations,
  network: TrainedNetwork,
  {
    rule,
    seed,
    state,
  }: { readonly rule: OptimizerRule; readonly seed: number; readonly state?: TrainerState | undefined },
): Trainer {
  const { definition } = network;
  const passes = createPasses(operations, definition);
  const loss = lossOf(definition.task);
  const trainable = weightDefinitions(definition).filter(({ isTrainable }) => isTrainable);
  const initial = uploadWeights(definition, state?.weights ?? network.weights);
  const momentsPerWeight = (state?.moments.length ?? 0) / trainable.length;
  const optimizer = operations.optimizer(
    rule,
    initial.trainable,
    trainable.map(({ isRegularized }) => isRegularized),
    state?.moments.map((moment, index) =>
      keep(upload(moment.slice(), trainable[Math.floor(index / momentsPerWeight)]!.shape)),
    ),
  );
  const moving = [...initial.moving];
  let steps = state?.step ?? 0;
  let lossSum = state?.lossSum === undefined ? undefined : keep(upload(Float32Array.of(state.lossSum), []));
  let forPredictions: WeightTensors | undefined;

  const weightsNow = (): WeightTensors => ({ trainable: optimizer.weights, moving });
  const dropPredictionWeights = () => {
    if (forPredictions === undefined) return;
    const kept = new Set(weightsNow().trainable);
    for (const weight of forPredictions.trainable) if (!kept.has(weight)) weight.dispose();
    forPredictions = undefined;
  };
  const predictionWeights = () => {
    forPredictions ??= withUnknownCategories(definition, weightsNow());
    return forPredictions;
  };

  const runStep = ({ inputs, labels, weights, weightSum }: Batch, learningRate: number) => {
    const pass: TrainingPass = {
      ...weightsNow(),
      seed: streamSeed(seed, steps),
      gradients: [],
      moved: [],
    };
    const outputs = passes.forward(inputs, pass);
    const result = operations.loss(loss, { outputs, labels, weights, divisor: weightSum });
    passes.backward(result.gradient, inputs, pass);
    optimizer.update(pass.gradients, learningRate, steps);
    for (const [index, moved] of pass.moved.entries()) moving[index] = replaced(moving[index]!, moved);
    lossSum = lossSum === undefined ? keep(result.loss) : replaced(lossSum, add(lossSum, result.loss));
  };

  return {
    step(batch, learningRate) {
      if (batch.weightSum === 0) return;
      dropPredictionWeights();
      steps++;
      tidy(() => runStep(batch, learningRate));
    },
    async takeLoss() {
      const taken = lossSum;
      if (taken === undefined) return 0;
      lossSum = undefined;
      const [value] = await taken.data();
      taken.dispose();
      return value!;
    },
    outputs: (inputs) => tidy(() => passes.infer(inputs, predictionWeights())),
    predictions: (inputs) => tidy(() => operations.predictions(loss, passes.infer(inputs, predictionWeights()))),
    network: async () => ({ ...network, weights: await downloadWeights(definition, predictionWeights()) }),
    async state() {
      const moments = optimizer.moments().map(download);
      const weights = downloadWeights(definition, weightsNow());
      const sum = lossSum && download(lossSum);
      const state = { step: steps, weights: await weights, moments: await Promise.all(moments) };
      return sum ? { ...state, lossSum: (await sum)[0]! } : state;
    },
    dispose() {
      dropPredictionWeights();
      optimizer.dispose();
      disposeWeights({ trainable: [], moving });
      lossSum?.dispose();
      lossSum = undefined;
    },
  };
}

// --- internal ---

/** Keeps the new tensor and frees the old one, unless the backend wrote into it. */
function replaced(old: Tensor, fresh: Tensor): Tensor {
  if (fresh !== old) old.dispose();
  return keep(fresh);
}
