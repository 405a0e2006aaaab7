#!/usr/bin/env node
import module from 'node:module';

// Every version of Node parses this file, so one that is too old prints an error instead of a stack trace.
const NODE_MAJOR = 20;

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) {
  module.enableCompileCache?.(); // in the temporary folder, as npm does: the next start reads what this one compiled
  import('../dist/algo.js') /* main.js and what it imports, in few files */;
} else {
  console.error(`algo: Node must be ${NODE_MAJOR} or newer; received ${process.versions.node}. Install a newer one.`);
  process.exitCode = 1;
}
