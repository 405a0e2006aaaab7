/**
 * The kernels of the wasm backend. All work in TensorFlow.js's memory: addresses are bytes, matrices are row-major f32.
 */
export { attach, serve, threadCount } from './pool';
export { sumColumns } from './column-sums';
