/**
 * Makes the model that is sold, from `source/penguins.csv` of the sample data, and the rows that it has not seen, on which
 * `algo report` measures it: the same bytes every time.
 *
 *   npm run model
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitLeastSquares, linearModelSchema, MODEL_FILE } from '../src/linear-model.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SAMPLE_DATA = join(ROOT, 'sample-data/example-algorithm');
const TARGET = 'body_mass_g';
const FEATURES = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm'];

const [header = '', ...lines] = readFileSync(join(SAMPLE_DATA, 'source', 'penguins.csv'), 'utf8')
  .trimEnd()
  .split('\n');
const columns = [TARGET, ...FEATURES].map((name) => header.split(',').indexOf(name));
const table = lines.map((line) => line.split(',').map(Number)).map((row) => columns.map((column) => row[column]!));

/** Every fifth row: the table is in the order of species, so each has its share. */
const isHeldOut = (index: number) => index % 5 === 4;
const holdOut = table.filter((_, index) => isHeldOut(index));
writeFileSync(join(SAMPLE_DATA, 'hold-out.csv'), holdOut.map((row) => `${row.join(',')}\n`).join(''));

const rows = table.filter((_, index) => !isHeldOut(index));
const folder = join(SAMPLE_DATA, 'model');
mkdirSync(folder, { recursive: true });
const model = linearModelSchema.parse(fitLeastSquares(rows)); // JSON writes null for what is no finite number
writeFileSync(join(folder, MODEL_FILE), `${JSON.stringify(model, null, 2)}\n`);
console.log(`wrote ${folder}, from ${rows.length} rows; ${holdOut.length} are held out`);
