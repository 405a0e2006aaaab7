/**
 * All operations from TensorFlow.js's own kernels: right on every backend, fast where its kernels are. Backends with
 * better ones spread this object and replace single operations.
 */
import { activate, activationGradient } from './composed/activations.js';
import { changed } from './composed/changed.js';
import { convolution, convolutionBackward } from './composed/convolution.js';
import { dense, denseBackward } from './composed/dense.js';
import { createDropout } from './composed/dropout.js';
import { concatenate, split } from './composed/kernels.js';
import { loss, predictions } from './composed/loss.js';
import {
  normalizationGradient,
  normalizationSums,
  normalize,
  normalizeBatch,
  normalizeBatchBackward,
} from './composed/normalization.js';
import { createOptimizer } from './composed/optimizer.js';
import { maxPooling, maxPoolingBackward } from './composed/pooling.js';
import { embedBackward, gather, slice } from './composed/rows.js';
import type { Operations } from './operations.js';

/** For whichever backend TensorFlow.js's engine has when they run. */
export function createComposedOperations(): Operations {
  return {
    dense,
    denseBackward,
    convolution,
    convolutionBackward,
    activation: activate,
    activationBackward: (activation, { input, output, outputGradient }) =>
      activationGradient(activation, input, output, outputGradient),
    maxPooling,
    maxPoolingBackward,
    normalize,
    normalizeBatch,
    normalizeBatchBackward,
    normalizationSums,
    normalizationGradient,
    dropout: createDropout(),
    embed: gather,
    embedBackward,
    concatenate: (parts) => concatenate(parts, 1),
    concatenateBackward: (outputGradient, widths) => split(outputGradient, widths, 1),
    slice,
    gather,
    loss,
    changed,
    predictions,
    optimizer: createOptimizer,
  };
}
