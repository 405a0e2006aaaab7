/**
 * The program of the container: `main.js train`, `serve` or `describe`.
 */
import { run } from '@algo/contract';
import { linearRegression } from './algorithm.js';

await run(linearRegression);
