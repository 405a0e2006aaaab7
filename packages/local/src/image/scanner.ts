/**
 * Known vulnerabilities, by whichever scanner is installed: trivy or grype. It reads the image itself, as a registry's
 * scanner does: a bill of materials does not say which source package a binary was built from, and Debian's advisories
 * speak of those. Where no scanner is installed, or it lacks its data or does not know the system, nothing is claimed.
 * Sources: trivy's pkg/types/report.go; grype's grype/presenter/models.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf, systemCode } from '../errors.js';
import type { CheckItem } from './check-item.js';

interface Finding {
  readonly id: string;
  /** In capitals. */
  readonly severity: string;
  readonly package: string;
  /** Versions in which it is fixed; none where there is no fix. */
  readonly fixed: readonly string[];
}

interface Report {
  /** As the scanner recognised it: "debian 13.8"; undefined where it did not. */
  readonly system: string | undefined;
  readonly findings: readonly Finding[];
}

interface Scanner {
  readonly name: string;
  /** @param archive the image as `docker save` writes it */
  args(archive: string): readonly string[];
  /** Throws for output of another kind. */
  read(output: unknown): Report;
}

const NAME = 'vulnerabilities';
const SCAN_TIMEOUT_MS = 300_000;
const OUTPUT_MAX_BYTES = 256 * 1024 * 1024;
const LISTED = 10;
const REASON_CHARS = 300;

/**
 * Critical and High stop a listing, with a fix or without one: any of them fails the check.
 * @param save writes the image as `docker save` does and gives the file; called when there is a scanner
 */
export async function scan(save: () => Promise<string>): Promise<CheckItem> {
  for (const scanner of SCANNERS) {
    try {
      await promisify(execFile)(scanner.name, ['--version']);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') continue;
      return silent(`${scanner.name} failed: ${reasonOf(error)}`);
    }
    let stdout: string;
    try {
      const options = { timeout: SCAN_TIMEOUT_MS, maxBuffer: OUTPUT_MAX_BYTES };
      ({ stdout } = await promisify(execFile)(scanner.name, scanner.args(await save()), options));
    } catch (error) {
      return silent(`${scanner.name} failed: ${reasonOf(error)}`);
    }
    return judge(scanner, stdout);
  }
  return silent('neither trivy nor grype is installed');
}

// --- internal ---

const trivySchema = z.looseObject({
  Metadata: z.looseObject({ OS: z.looseObject({ Family: z.string(), Name: z.string() }).optional() }).optional(),
  Results: z
    .array(
      z.looseObject({
        Vulnerabilities: z
          .array(
            z.looseObject({
              VulnerabilityID: z.string(),
              Severity: z.string(),
              PkgName: z.string(),
              FixedVersion: z.string().optional(),
            }),
          )
          .optional(),
      }),
    )
    .default([]),
});

const grypeSchema = z.looseObject({
  distro: z.looseObject({ name: z.string(), version: z.string() }).nullish(),
  matches: z.array(
    z.looseObject({
      vulnerability: z.looseObject({
        id: z.string(),
        severity: z.string(),
        fix: z.looseObject({ versions: z.array(z.string()).nullish() }).optional(),
      }),
      artifact: z.looseObject({ name: z.string() }),
    }),
  ),
});

const SCANNERS: readonly Scanner[] = [
  {
    name: 'trivy',
    args: (archive) => ['image', '--input', archive, '--scanners', 'vuln', '--quiet', '--format', 'json'],
    read(output) {
      const { Metadata, Results } = trivySchema.parse(output);
      const found = Results.flatMap(({ Vulnerabilities = [] }) => Vulnerabilities);
      return {
        system: Metadata?.OS && `${Metadata.OS.Family} ${Metadata.OS.Name}`,
        findings: found.map(({ VulnerabilityID, Severity, PkgName, FixedVersion }) => ({
          id: VulnerabilityID,
          severity: Severity,
          package: PkgName,
          fixed: FixedVersion ? [FixedVersion] : [],
        })),
      };
    },
  },
  {
    name: 'grype',
    args: (archive) => [`docker-archive:${archive}`, '--quiet', '--output', 'json'],
    read(output) {
      const { distro, matches } = grypeSchema.parse(output);
      return {
        system: distro?.name ? `${distro.name} ${distro.version}` : undefined,
        findings: matches.map(({ vulnerability: { id, severity, fix }, artifact }) => ({
          id,
          severity: severity.toUpperCase(),
          package: artifact.name,
          fixed: fix?.versions ?? [],
        })),
      };
    },
  },
];

function judge({ name: scanner, read }: Scanner, stdout: string): CheckItem {
  let report: Report;
  try {
    report = read(JSON.parse(stdout));
  } catch (error) {
    return silent(`${scanner} wrote unexpected output: ${reasonOf(error)}`);
  }
  if (report.system === undefined) return silent(`${scanner} does not know the image's operating system`);
  const found = new Map(report.findings.map((finding) => [`${finding.id} ${finding.package}`, finding]));
  const blocking = [...found.values()].filter(({ severity }) => severity === 'CRITICAL' || severity === 'HIGH');
  const told = `${scanner}, ${report.system}: ${found.size} found, ${blocking.length} of them critical or high`;
  if (blocking.length === 0) return { name: NAME, result: 'passed', text: told };
  const rest = blocking.length - LISTED;
  const listed = blocking.slice(0, LISTED).map(describe).join(', ');
  return { name: NAME, result: 'failed', text: `${told}: ${listed}${rest > 0 ? ` and ${rest} more` : ''}` };
}

function describe(finding: Finding): string {
  const fix = finding.fixed.length === 0 ? 'no fix' : `fixed in ${finding.fixed.join(', ')}`;
  return `${finding.id} ${finding.severity.toLowerCase()} in ${finding.package} (${fix})`;
}

function silent(why: string): CheckItem {
  return { name: NAME, result: 'unknown', text: `not scanned: ${why}` };
}

/** What a program said before it failed, without the command that node puts before it. */
function reasonOf(error: unknown): string {
  const lines = messageOf(error).trim().split('\n');
  const said = lines.length > 1 && lines[0]?.startsWith('Command failed') ? lines.slice(1) : lines;
  return said.join(' ').slice(0, REASON_CHARS);
}
