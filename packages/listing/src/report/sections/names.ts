/** How columns and classes are named in a report: as the profile names them, else by their number or label. */
import type { ValidationProfile } from '@algo/local';

/** @param index of a feature, from 0; the label is not counted @param size number of features */
export function featureName({ columnNames }: ValidationProfile, index: number, size: number): string {
  const name = columnNames?.length === size + 1 ? columnNames[index + 1] : undefined;
  return name ?? `feature ${index + 1}`;
}

export function className({ classNames }: ValidationProfile, label: string): string {
  return classNames && Object.hasOwn(classNames, label) ? classNames[label]! : label;
}

/** What is predicted, after a space: ` body_mass_g`; empty where the profile has no names. */
export function labelName({ columnNames }: ValidationProfile): string {
  return columnNames?.[0] === undefined ? '' : ` ${columnNames[0]}`;
}
