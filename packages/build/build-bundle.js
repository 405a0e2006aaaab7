#!/usr/bin/env node
/**
 * Bundles an algorithm's program and everything it imports into one ES module that needs Node and nothing else.
 *
 *   build-bundle src/main.ts dist/main.js
 */
import { rolldown } from 'rolldown';

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error('usage: build-bundle SOURCE.ts TARGET.js');
  process.exit(2);
}

const bundle = await rolldown({ input: source, platform: 'node' });
await bundle.write({ file: target, format: 'esm', sourcemap: true, codeSplitting: false });
await bundle.close();
