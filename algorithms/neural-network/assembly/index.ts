/**
 * The kernels of the wasm backend. All work in TensorFlow.js's memory: addresses are bytes, matrices are row-major f32.
 */
export { attach, serve, threadCount } from './pool';
export { sumColumns } from './column-sums';
export { denseBack, denseBackScratchBytes, product, productScratchBytes } from './dense';
export { activate, activateBack, dropout, softmax } from './elementwise';
export { loss } from './loss';
export { normalize, normalizeBatch, normalizeBatchBack } from './normalization';
export { updateWeights } from './optimizer';
export { maxPool, maxPoolBack } from './pooling';
export { copyColumns, copyWords, gatherRows, scatterRows } from './rows';
export { convolve } from './convolution';
export { convolveBack } from './convolution-back';
export { planConvolution } from './convolution-plan';
export { writeConstants } from './constants';
