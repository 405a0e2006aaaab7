/**
 * Stands in for the package node-fetch in the bundle: TensorFlow.js asks for it only where Node has no fetch of its own.
 */
module.exports = globalThis.fetch;
