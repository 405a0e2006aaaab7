/** The program of the container: `main.js train`, `serve` or `describe`. */
import { run } from '@algo/contract';
import { exampleAlgorithm } from './algorithm.js';

await run(exampleAlgorithm);
