#!/usr/bin/env node
// Every Node parses this much, so that one that is too old is told so and does not end in a stack.
const NODE_MAJOR = 20;

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) import('../dist/main.js');
else {
  console.error(`algo: Node must be ${NODE_MAJOR} or newer; received ${process.versions.node}. Install a newer one.`);
  process.exitCode = 1;
}
