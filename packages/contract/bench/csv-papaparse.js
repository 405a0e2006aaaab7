/**
 * CSV file to one Float64Array with papaparse, the usual parser of JavaScript programs: `csv-papaparse.js FILE`.
 * Prints what it took as JSON.
 */
import { createReadStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import papaparse from 'papaparse';

const start = performance.now();
let values = new Float64Array(1 << 20);
let length = 0;
let rows = 0;
papaparse.parse(createReadStream(process.argv[2]), {
  header: false,
  delimiter: ',',
  dynamicTyping: true,
  skipEmptyLines: true,
  chunk({ data }) {
    rows += data.length;
    for (const record of data) {
      if (length + record.length > values.length) {
        const longer = new Float64Array(2 * values.length);
        longer.set(values);
        values = longer;
      }
      values.set(record, length);
      length += record.length;
    }
  },
  complete() {
    console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, rows }));
  },
});
