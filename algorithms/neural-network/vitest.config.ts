import { suiteInParts } from '../../vitest.base.js';

/**
 * The others compute with backends of TensorFlow.js's own, in whose registry, which is global, ours take their places; or
 * they measure the memory of their process.
 */
export default suiteInParts([
  'test/*.test.ts',
  'test/{data,evaluation,images,inference,job,network,quality}/**/*.test.ts',
  'test/backends/**/!(leaks|long-run|memory).test.ts',
  'test/model/!(adopt|layers-model|refused-models|unlike-keras).test.ts',
  'test/training/{optimizer,schedule,trainer}.test.ts',
]);
