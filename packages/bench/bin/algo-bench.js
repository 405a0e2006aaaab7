#!/usr/bin/env node
// Every version of Node parses this file, so one that is too old prints an error instead of a stack trace.
const NODE_MAJOR = 20;

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) import('../dist/main.js');
else {
  console.error(
    `algo-bench: Node must be ${NODE_MAJOR} or newer; received ${process.versions.node}. Install a newer one.`,
  );
  process.exitCode = 1;
}
