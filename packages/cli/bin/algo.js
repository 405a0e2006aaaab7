#!/usr/bin/env node
import module from 'node:module';

// Every version of Node parses this file, so one that is too old prints an error instead of a stack trace. The bundle asks
// for Node's modules by this function, which came with 20.16 and 22.3.
if (process.getBuiltinModule) {
  module.enableCompileCache?.(); // in the temporary folder, as npm does: the next start reads what this one compiled
  import('../dist/algo.js') /* main.js and what it imports, in few files */;
} else {
  console.error(
    `algo: Node must be 20.16 or newer, and of Node 22 at least 22.3; received ${process.versions.node}. Install a newer one.`,
  );
  process.exitCode = 1;
}
