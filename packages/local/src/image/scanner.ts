/**
 * Known vulnerabilities, by whichever scanner is installed: trivy or grype, over the bill of materials. Without one, or
 * where it cannot get its data, nothing is said about them.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf, systemCode } from '../errors.js';
import type { CheckItem } from './rules.js';

interface Scanner {
  readonly name: string;
  args(file: string): readonly string[];
  /** Severities in capitals, by vulnerability; throws for other output. */
  read(output: unknown): readonly (readonly [id: string, severity: string])[];
}

const SCAN_TIMEOUT_MS = 300_000;
const OUTPUT_MAX_BYTES = 256 * 1024 * 1024;

const trivySchema = z.looseObject({
  Results: z
    .array(
      z.looseObject({
        Vulnerabilities: z.array(z.looseObject({ VulnerabilityID: z.string(), Severity: z.string() })).optional(),
      }),
    )
    .default([]),
});

const grypeSchema = z.looseObject({
  matches: z.array(z.looseObject({ vulnerability: z.looseObject({ id: z.string(), severity: z.string() }) })),
});

const SCANNERS: readonly Scanner[] = [
  {
    name: 'trivy',
    args: (file) => ['sbom', '--quiet', '--format', 'json', file],
    read: (output) =>
      trivySchema
        .parse(output)
        .Results.flatMap(({ Vulnerabilities = [] }) =>
          Vulnerabilities.map(({ VulnerabilityID, Severity }) => [VulnerabilityID, Severity] as const),
        ),
  },
  {
    name: 'grype',
    args: (file) => [`sbom:${file}`, '--quiet', '--output', 'json'],
    read: (output) =>
      grypeSchema
        .parse(output)
        .matches.map(({ vulnerability: { id, severity } }) => [id, severity.toUpperCase()] as const),
  },
];

/** Critical and High stop a listing: any of them fails the check. @param bill of materials, a file */
export async function scan(bill: string): Promise<CheckItem> {
  const name = 'vulnerabilities';
  for (const scanner of SCANNERS) {
    let stdout: string;
    try {
      const options = { timeout: SCAN_TIMEOUT_MS, maxBuffer: OUTPUT_MAX_BYTES };
      ({ stdout } = await promisify(execFile)(scanner.name, scanner.args(bill), options));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      const why = messageOf(error).split('\n').slice(0, 3).join(' ');
      return { name, result: 'unknown', text: `not scanned: ${scanner.name} failed: ${why}` };
    }
    return judge(scanner, stdout);
  }
  return { name, result: 'unknown', text: 'not scanned: neither trivy nor grype is installed' };
}

// --- internal ---

function judge({ name: scanner, read }: Scanner, stdout: string): CheckItem {
  const name = 'vulnerabilities';
  try {
    const found = new Map(read(JSON.parse(stdout)));
    const blocking = [...found].filter(([, severity]) => severity === 'CRITICAL' || severity === 'HIGH');
    const ids = blocking.map(([id, severity]) => `${id} ${severity.toLowerCase()}`);
    const told = `${scanner}: ${found.size} found, ${blocking.length} of them critical or high`;
    if (blocking.length === 0) return { name, result: 'passed', text: told };
    return { name, result: 'failed', text: `${told}: ${ids.slice(0, 10).join(', ')}` };
  } catch (error) {
    return { name, result: 'unknown', text: `not scanned: ${scanner} wrote something else: ${messageOf(error)}` };
  }
}
