/** The reference program, with or without a fault, as tests check it. */
import { join } from 'node:path';
import { locateProgram } from '@algo/local';
import {
  type ConformanceReport,
  type ConformanceRequest,
  checkConformance,
  readConformanceProfile,
} from '../src/index.js';

export const REFERENCE = join(import.meta.dirname, 'fixtures', 'reference');

function referenceProfile() {
  return readConformanceProfile(join(REFERENCE, 'profile.json'));
}

/** @param variables that the program has besides its fault */
export function checkReference(
  fault: string | undefined,
  more: Partial<ConformanceRequest> = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<ConformanceReport> {
  const environment = { ...variables, ...(fault !== undefined && { FAULT: fault }) };
  return checkConformance({
    program: locateProgram(join(REFERENCE, 'main.js')),
    profile: { ...referenceProfile(), environment },
    ...more,
  });
}

/** Ids of the broken rules, with what was received. */
export function brokenOf({ results }: ConformanceReport): Readonly<Record<string, string>> {
  const broken = results.filter(({ result }) => result === 'broken');
  return Object.fromEntries(broken.map(({ id, message }) => [id, message]));
}
