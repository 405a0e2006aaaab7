/**
 * Training of a network, step by step: forward, loss, backward, update, all enqueued on the device. Nothing is read back
 * but what is asked for. On several hosts each has some rows of a batch; the gradients are summed over them before the
 * update, which is then the same on all.
 */

import { type Communicator, oneHost } from '@algo/contract';
import { streamSeed } from '@algo/numerics';
import { engine, keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { TrainedNetwork, Weights } from '../network/definition.js';
import { type InputTensors, lossOf } from '../network/forward.js';
import type { TrainingPass, WeightTensors } from '../network/layers/index.js';
import { createPasses } from '../network/passes.js';
import { disposeWeights, downloadWeights, uploadWeights, withUnknownCategories } from '../network/weight-tensors.js';
import { weightDefinitions } from '../network/weights.js';
import { add, download, run, upload } from '../operations/composed/kernels.js';
import type { Operations, OptimizerRule } from '../operations/operations.js';

/** A batch, or the rows of it that this host has. */
export interface Batch {
  readonly inputs: InputTensors;
  /** As `Operations.loss` wants them; of a regression, standardized. */
  readonly labels: Tensor;
  /** [rows], or undefined for 1 each */
  readonly weights: Tensor | undefined;
  /** Of several hosts one may have none: then nothing is computed with the tensors. */
  readonly rows: number;
  /** [rows] which rows of the whole batch they are, ascending; undefined for all of it. */
  readonly rowNumbers?: Int32Array | undefined;
  /** Of the whole batch: the gradient is that of the weighted mean loss. A batch without weight changes nothing. */
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
  /**
   * Enqueues one update. Penalties are part of the gradient, not of the loss that is summed.
   * @returns on several hosts a promise, since they exchange their gradients; on one, nothing
   */
  step(batch: Batch, learningRate: number): Promise<void> | undefined;
  /** Sum of the batches' weighted losses since the last call, read from the device; of all hosts. */
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
  /** Copies of all that a checkpoint must hold; several hosts ask for it alike. */
  state(): Promise<TrainerState>;
  /** Frees the weights and the optimizer. */
  dispose(): void;
}

/**
 * @param network where training starts
 * @param options.seed of dropout
 * @param options.hosts that have rows of each batch; they make the same steps
 * @param options.state of an earlier training with the same options; its weights replace the network's
 */
export function createTrainer(
  operations: Operations,
  network: TrainedNetwork,
  {
    rule,
    seed,
    state,
    hosts = oneHost(),
  }: {
    readonly rule: OptimizerRule;
    readonly seed: number;
    readonly state?: TrainerState | undefined;
    readonly hosts?: Communicator | undefined;
  },
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
  // The state has the sum of all hosts.
  const firstLoss = hosts.rank === 0 ? state?.lossSum : undefined;
  let lossSum = firstLoss === undefined ? undefined : keep(upload(Float32Array.of(firstLoss), []));
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

  const passOf = ({ rowNumbers }: Batch): TrainingPass => ({
    ...weightsNow(),
    ...{ seed: streamSeed(seed, steps), rowNumbers, gradients: [], moved: [] },
  });
  const lossAt = (outputs: Tensor, { labels, weights, weightSum }: Batch) =>
    operations.loss(loss, { outputs, labels, weights, divisor: weightSum });
  const addLoss = (sum: Tensor) => {
    lossSum = lossSum === undefined ? keep(sum) : replaced(lossSum, add(lossSum, sum));
  };
  const update = (gradients: readonly Tensor[], moved: readonly Tensor[], learningRate: number) => {
    optimizer.update(gradients, learningRate, steps);
    for (const [index, fresh] of moved.entries()) moving[index] = replaced(moving[index]!, fresh);
  };
  const runStep = (batch: Batch, learningRate: number) => {
    const pass = passOf(batch);
    const result = lossAt(passes.forward(batch.inputs, pass), batch);
    passes.backward(result.gradient, batch.inputs, pass);
    update(pass.gradients, pass.moved, learningRate);
    addLoss(result.loss);
  };
  const runSharedStep = async (batch: Batch, learningRate: number) => {
    const pass = passOf(batch);
    const inputs = batch.rows > 0 ? batch.inputs : undefined;
    const outputs = await passes.forwardOnHosts(inputs, pass, hosts);
    const result = outputs && lossAt(outputs, batch);
    await passes.backwardOnHosts(result?.gradient, inputs, pass, hosts);
    const own = result ? pass.gradients : pass.trainable.map((x) => run('ZerosLike', { x }));
    update(await operations.changed(own, hosts.sum), pass.moved, learningRate);
    if (result) addLoss(result.loss);
  };
  /** The sum of the losses that was not taken yet, of all hosts; undefined where none has any. */
  const readLoss = async (sum: Tensor | undefined): Promise<number | undefined> => {
    const values = Float64Array.of(sum ? (await download(sum))[0]! : 0, sum ? 1 : 0);
    hosts.sum(values);
    return values[1] === 0 ? undefined : values[0];
  };

  return {
    step(batch, learningRate) {
      if (batch.weightSum === 0) return undefined;
      dropPredictionWeights();
      steps++;
      if (hosts.size > 1) return inScope(() => runSharedStep(batch, learningRate));
      tidy(() => runStep(batch, learningRate));
      return undefined;
    },
    async takeLoss() {
      const taken = lossSum;
      lossSum = undefined;
      const value = await readLoss(taken);
      taken?.dispose();
      return value ?? 0;
    },
    outputs: (inputs) => tidy(() => passes.infer(inputs, predictionWeights())),
    predictions: (inputs) => tidy(() => operations.predictions(loss, passes.infer(inputs, predictionWeights()))),
    network: async () => ({ ...network, weights: await downloadWeights(definition, predictionWeights()) }),
    async state() {
      const step = steps;
      const [weights, moments, sum] = await Promise.all([
        downloadWeights(definition, weightsNow()),
        Promise.all(optimizer.moments().map(download)),
        readLoss(lossSum),
      ]);
      return { step, weights, moments, ...(sum !== undefined && { lossSum: sum }) };
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

/** As `tidy`, for work that waits: nothing else may make tensors meanwhile. */
async function inScope(work: () => Promise<void>): Promise<void> {
  engine().startScope();
  try {
    await work();
  } finally {
    engine().endScope();
  }
}

/** Keeps the new tensor and frees the old one, unless the backend wrote into it. */
function replaced(old: Tensor, fresh: Tensor): Tensor {
  if (fresh !== old) old.dispose();
  return keep(fresh);
}
