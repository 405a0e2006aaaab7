/** Node's `util` with two functions that tfjs-node calls and Node 23 removed. */
module.exports = {
  ...require('node:util'),
  isArray: Array.isArray,
  isNullOrUndefined: (value) => value === null || value === undefined,
};
