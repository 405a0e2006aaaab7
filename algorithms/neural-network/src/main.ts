/**
 * The program of the container: `main.js train`, `serve` or `describe`.
 */
import { run } from '@algo/contract';
import { neuralNetwork } from './algorithm.js';

await run(neuralNetwork);
