/**
 * Makes the files of a shape and prints their paths:
 *
 *   node make.js DIRECTORY SHAPE-AS-JSON SEED
 */
import { shapeFiles } from './shapes.js';

const [directory, shape, seed] = process.argv.slice(2);
console.log(JSON.stringify(shapeFiles(directory!, JSON.parse(shape!), Number(seed))));
