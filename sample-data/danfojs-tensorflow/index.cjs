/**
 * Stands in for `@tensorflow/tfjs-node` in danfojs-node, which asks for version 3 and its native addon only to hold small
 * tables: TensorFlow.js's core, its kernels for the processor and its data API, without the 400 MB of the rest.
 */
const core = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');

module.exports = { ...core, data: require('@tensorflow/tfjs-data') };

// Operations as methods, which danfojs-node's scalers call: core has them in a module that Node cannot load alone.
for (const [name, operation] of Object.entries(core)) {
  if (typeof operation !== 'function' || !/^[a-z]/.test(name) || name in core.Tensor.prototype) continue;
  core.Tensor.prototype[name] = function method(...options) {
    return operation(this, ...options);
  };
}
