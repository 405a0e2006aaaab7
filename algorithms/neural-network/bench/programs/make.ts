/**
 * Makes the files of a net's table and prints their paths:
 *
 *   node make.js DIRECTORY NET-AS-JSON SEED
 */
import { tableFiles } from './table.js';

const [directory, net, seed] = process.argv.slice(2);
console.log(JSON.stringify(tableFiles(directory!, JSON.parse(net!), Number(seed))));
