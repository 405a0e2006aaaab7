/** Tries the rules on a container, one after the other, and reports each. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, JobError, messageOf, type Program, removeTree, systemCode } from '@algo/local';
import { createLab } from './lab/lab.js';
import { type Limits, PLATFORM_LIMITS } from './lab/limits.js';
import type { ConformanceProfile } from './profile/profile.js';
import type { Rule, Severity } from './rule.js';
import { RULES } from './rules.js';
import { Broken, NotTried } from './verdict.js';

export interface ConformanceRequest {
  readonly program: Program;
  readonly profile: ConformanceProfile;
  /** Ids, or their first parts; default: all. */
  readonly rules?: readonly string[] | undefined;
  /** The same of rules that are left out. */
  readonly skip?: readonly string[] | undefined;
  /** Default: the platform's. */
  readonly limits?: Limits | undefined;
  readonly onStart?: ((rule: RuleText) => void) | undefined;
  readonly onResult?: ((result: RuleResult) => void) | undefined;
  readonly stop?: AbortSignal | undefined;
}

/** What `--list` shows of a rule. */
export interface RuleText {
  readonly id: string;
  readonly rule: string;
  readonly source: string;
  readonly severity: Severity;
}

export interface RuleResult extends RuleText {
  readonly result: 'passed' | 'broken' | 'not-tried';
  /** What was received, or why it was not tried. */
  readonly message: string;
  readonly seconds: number;
}

export interface ConformanceReport {
  /** Image or file. */
  readonly subject: string;
  /** No rule that must hold is broken. */
  readonly conforms: boolean;
  readonly counts: Readonly<Record<RuleResult['result'], number>>;
  readonly results: readonly RuleResult[];
}

export function listRules(): readonly RuleText[] {
  return RULES.map(({ id, rule, source, severity }) => ({ id, rule, source, severity }));
}

/**
 * Checks a container.
 * @throws ArgumentError for a rule that is not there, no rule that is left, or data of the profile that cannot be used
 */
export async function checkConformance(request: ConformanceRequest): Promise<ConformanceReport> {
  const rules = chooseRules(request.rules, request.skip);
  const { program, profile, limits = PLATFORM_LIMITS, stop } = request;
  const folder = mkdtempSync(join(tmpdir(), 'algo-conformance-'));
  const lab = createLab({ program, folder, limits, stop, environment: profile.environment }, profile);
  const results: RuleResult[] = [];
  try {
    for (const { check, ...text } of rules) {
      stop?.throwIfAborted();
      request.onStart?.(text);
      const began = performance.now();
      const verdict = await judge(() => check(lab));
      stop?.throwIfAborted();
      if (verdict.result === 'broken') lab.renew();
      const result = { ...text, ...verdict, seconds: (performance.now() - began) / 1000 };
      results.push(result);
      request.onResult?.(result);
    }
  } finally {
    await lab.close();
    await removeTree(folder);
  }
  const count = (which: RuleResult['result']) => results.filter(({ result }) => result === which).length;
  return {
    subject: program.file,
    conforms: !results.some(({ result, severity }) => result === 'broken' && severity === 'must'),
    counts: { passed: count('passed'), broken: count('broken'), 'not-tried': count('not-tried') },
    results,
  };
}

// --- internal ---

function chooseRules(only: readonly string[] | undefined, skip: readonly string[] = []): readonly Rule[] {
  const isOf = (name: string) => (rule: Rule) => rule.id === name || rule.id.startsWith(`${name}.`);
  const unknown = [...(only ?? []), ...skip].find((name) => !RULES.some(isOf(name)));
  if (unknown !== undefined) throw new ArgumentError(`There is no rule "${unknown}". --list prints all rules.`);
  const chosen = RULES.filter(
    (rule) => (only ?? [rule.id]).some((name) => isOf(name)(rule)) && !skip.some((name) => isOf(name)(rule)),
  );
  if (chosen.length === 0) throw new ArgumentError('No rule is left to try: each that is chosen is also skipped.');
  return chosen;
}

async function judge(check: () => Promise<string>): Promise<Pick<RuleResult, 'result' | 'message'>> {
  try {
    return { result: 'passed', message: printable(await check()) };
  } catch (error) {
    if (error instanceof Broken || error instanceof JobError) {
      return { result: 'broken', message: printable(error.message) };
    }
    if (error instanceof NotTried || FILE_ERRORS.has(systemCode(error) ?? '')) {
      return { result: 'not-tried', message: printable(messageOf(error)) };
    }
    throw error;
  }
}

/** Of files as a container may leave them: another user's, links in a circle, folders where files are. */
const FILE_ERRORS = new Set(['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'ENOTDIR', 'EISDIR', 'ENOENT']);
const MESSAGE_CHARS = 1000;

/** One line that a terminal shows as it is: names and texts in it are the container's. */
function printable(message: string): string {
  const line = message.replaceAll(/\p{Cc}+/gu, ' ');
  return line.length <= MESSAGE_CHARS ? line : `${line.slice(0, MESSAGE_CHARS)}…`;
}
