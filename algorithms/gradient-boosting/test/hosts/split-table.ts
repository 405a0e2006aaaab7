/** Tables of several hosts: random rows as files of a channel, divided among hosts in the order of the rows. */
import { createRandom } from '@algo/numerics';

/** Rows as lines of a file. */
export type Lines = readonly string[];

/** How many rows each host has. */
export type Split = readonly number[];

/** The rows of each host. */
export function partsOf(lines: Lines, split: Split): Lines[] {
  let end = 0;
  return split.map((rows) => {
    end += rows;
    return lines.slice(end - rows, end);
  });
}

/** A channel of these rows: one file, or none. */
export function fileOf(lines: Lines): Record<string, string> {
  return lines.length === 0 ? {} : { 'part.csv': `${lines.join('\n')}\n` };
}

/** A channel of each host. */
export function filesOf(lines: Lines, split: Split): Record<string, string>[] {
  return partsOf(lines, split).map(fileOf);
}

/** Labels of a row by its features, from a number in [0, 1) that looks random. */
export type LabelOf = (features: readonly number[], noise: number) => number | string;

/** Dense rows with label first: numbers of many values and of few, missing ones, and a one-hot group of three. */
export function denseLines(rows: number, labelOf: LabelOf, seed = 1): Lines {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, row) => {
    const hot = random.below(3);
    const features = [
      random.uniform() * 10,
      random.uniform() - 0.5,
      random.below(7),
      random.uniform() < 0.2 ? Number.NaN : random.uniform(),
      ...[0, 1, 2].map((place) => Number(place === hot)),
      row / rows,
    ];
    const cells = features.map((value) => (Number.isNaN(value) ? '' : String(Math.fround(value))));
    return [labelOf(features, random.uniform()), ...cells].join(',');
  });
}

/** Sparse rows as libsvm, whose last columns are in the last rows only. */
export function sparseLines(rows: number, columns: number, seed = 2): Lines {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, row) => {
    const last = row < rows - 5 ? columns - 10 : columns;
    const entries = Array.from({ length: last }, (_, column) => ({ column, value: Math.fround(random.uniform()) }))
      .filter(() => random.uniform() < 0.1)
      .map(({ column, value }) => `${column}:${value}`);
    const label = entries.length + 3 * random.uniform();
    return [Math.fround(label), ...entries].join(' ');
  });
}

/** Rows of text columns: a class, a colour and a size, with a number. */
export function textLines(rows: number, seed = 3): Lines {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, row) => {
    // Names that only some hosts have, in an order that is not that of the alphabet.
    const colour = ['red', 'green', 'blue', 'azure', 'white'][random.below(row < rows / 2 ? 2 : 5)]!;
    const size = row < rows / 3 ? '' : ['small', 'large', 'medium'][random.below(3)]!;
    const kind = ['oak', 'ash', 'elm'][(colour.length + size.length + random.below(2)) % 3]!;
    return [kind, colour, Math.fround(random.uniform()), size].join(',');
  });
}
