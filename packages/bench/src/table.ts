/** The rows of a bench as a plain table, and the lines that describe the machine. */
import { arch, cpus, platform, totalmem } from 'node:os';
import type { Row } from './row.js';

/** The origin of the numbers: without it they cannot be compared with others. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
}

/** Header and rows with aligned columns, numbers to the right; a note is printed under its row. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [HEADER, ...rows.map(rowCells)];
  const widths = HEADER.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line, index) => {
    const padded = line.map((cell, column) =>
      NUMERIC.has(HEADER[column]!) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    const note = rows[index - 1]?.note;
    return padded.join('  ').trimEnd() + (note ? `\n    ${note}` : '');
  });
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

// --- internal ---

const HEADER = ['measure', 'ours', 'peer', 'peer name', 'ratio', 'goal', 'reached'];
const NUMERIC = new Set(['ours', 'peer', 'ratio']);

function rowCells(row: Row): string[] {
  return [
    row.measure,
    quantity(row.ours, row.unit, row.oursRange),
    row.peer === null || row.peerRange === null ? '-' : quantity(row.peer, row.unit, row.peerRange),
    row.peerName ?? '-',
    row.ratio === null ? '-' : row.ratio.toPrecision(3),
    row.stretch === null ? (row.goal ?? '-') : `${row.goal ?? '-'}, stretch ${row.stretch.replace('ratio ', '')}`,
    row.reached === null ? '-' : !row.reached ? 'NO' : row.stretchReached ? 'yes, stretch' : 'yes',
  ];
}

/** `612 MB/s (598-640)`: three significant digits, whole numbers from 100 on. */
function quantity(value: number, unit: string, [least, most]: readonly [number, number]): string {
  const spread = least === most ? '' : ` (${short(least)}-${short(most)})`;
  return `${short(value)} ${unit}${spread}`;
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
