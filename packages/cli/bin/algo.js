#!/usr/bin/env node
import module from 'node:module';

// Every version of Node parses this file, so one that is too old prints an error instead of a stack trace. The bundle asks
// for Node's modules by this function, which came with 20.16 and 22.3, and uses the other one, which came with 22.
if (process.getBuiltinModule && Promise.withResolvers) {
  module.enableCompileCache?.(); // in the temporary folder, as npm does: the next start reads what this one compiled
  import('../dist/algo.js') /* main.js and what it imports, in few files */;
} else {
  console.error(
    `algo: Node must be 22.3 or newer; received ${process.versions.node}. In the repository, npx algo starts it with the Node that npm ci has installed.`,
  );
  process.exitCode = 1;
}
