/** A log that keeps its lines. */
import type { Log } from '@algo/contract';

export function memoryLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return { lines, info: (line) => void lines.push(line), error: (line) => void lines.push(line) };
}
