import { suiteInParts } from '../../vitest.base.js';

/** The others set TensorFlow.js's backend, whose registry is global. */
export default suiteInParts(['test/*.test.ts', 'test/{evaluation,images,inference,job,network}/**/!(epochs).test.ts']);
