/** Jobs on several hosts: the program, and what their end must be like. */
import { fileURLToPath } from 'node:url';
import type { HostResult } from '@algo/contract/testing';
import { expect } from 'vitest';

export const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** The file of the model. */
export const MODEL = 'xgboost-model.ubj';

export function expectSuccess(results: readonly HostResult[]): void {
  for (const { exitCode, lines, failure } of results) {
    expect([exitCode, failure], lines.join('\n')).toEqual([0, undefined]);
  }
}
