/** A process of its own for `responseTimes`, so that it can be kept on a processor: options as JSON in, times as JSON out. */
import { type ConstantRateOptions, responseTimes } from './constant-rate.js';

const options: ConstantRateOptions = JSON.parse(process.argv[2] ?? '');
console.log(JSON.stringify(await responseTimes(options)));
