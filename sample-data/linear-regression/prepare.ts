/**
 * The sample data of linear regression, cut from the penguins of `../penguins`, whose text becomes numbers first.
 *
 *   node sample-data/linear-regression/prepare.ts
 */
import { join } from 'node:path';
import { DataFrame, readCSV } from 'danfojs-node';
import { csv } from '../formats/text.ts';
import { cutSample, rowsOf, type SampleFiles, writeSample } from '../sample.ts';

/** The content of every made file, by its path in this folder. */
export async function sampleFiles(): Promise<SampleFiles> {
  const source = await penguinsInNumbers();
  const files = await cutSample({
    source,
    target: 'body_mass_g',
    seed: 7,
    // Of 333 rows.
    trainRows: 266,
    validationRows: 33,
    acceptParameters: { '04.csv': 'interval=0.95', npy: 'interval=0.95' },
    formats: ['npy'],
    hyperparameters: { method: 'ols' },
    relativeTolerance: 1e-9,
    metricBounds: { 'validation:rmse': { atMost: 320 } },
  });
  return new Map([['source/penguins.csv', `${source.columns.join(',')}\n${csv(rowsOf(source))}`], ...files]);
}

// --- internal ---

const MEASUREMENTS = ['body_mass_g', 'bill_length_mm', 'bill_depth_mm', 'flipper_length_mm'];

/**
 * The penguins with every value, target first: measurements as they are, sex and species as 0 or 1. Adelie is neither
 * chinstrap nor gentoo, so that no column depends on others. Island and year say nothing more about the mass.
 */
async function penguinsInNumbers(): Promise<DataFrame> {
  const table = await readCSV(join(import.meta.dirname, '..', 'penguins', 'penguins.csv'));
  // Where a measurement is missing, the sex is as well.
  const complete = table.loc({ rows: table.sex.ne('NA') }) as DataFrame;
  const is = (column: string, value: string) =>
    complete[column].values.map((found: string) => (found === value ? 1 : 0));
  return new DataFrame({
    ...Object.fromEntries(MEASUREMENTS.map((name) => [name, complete[name].values.map(Number)])),
    male: is('sex', 'male'),
    chinstrap: is('species', 'Chinstrap'),
    gentoo: is('species', 'Gentoo'),
  });
}

if (import.meta.main) writeSample(import.meta.dirname, await sampleFiles());
