/** What `algo conformance` does: tries the rules on a container, shows each result as it comes, and writes the report. */
import { statSync, writeFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import {
  type ConformanceProfile,
  type ConformanceReport,
  checkConformance,
  EMPTY_PROFILE,
  formatJUnit,
  formatResult,
  formatText,
  listRules,
  profileOfProduct,
  type RuleResult,
  readConformanceProfile,
  schemaOf,
} from '@algo/conformance';
import { ArgumentError, describeProgram, type EngineName, isImageProgram, JobError, type Program } from '@algo/local';
import { openSubject } from './conformance-subject.js';
import { listenForInterrupt } from './interrupt.js';
import { fileOfOption } from './output-paths.js';
import { createTerminal, formatTable, type Terminal } from './terminal.js';
import { findSampleData } from './workspace.js';

export interface ConformanceOptions {
  readonly profile?: string;
  readonly runner?: 'process' | 'container';
  readonly engine?: EngineName;
  readonly keeperImage?: string;
  readonly rule?: readonly string[];
  readonly skip?: readonly string[];
  readonly list?: boolean;
  readonly schema?: 'profile' | 'report';
  readonly format: 'text' | 'json' | 'junit';
  readonly out?: string;
}

export async function runConformance(subject: string | undefined, options: ConformanceOptions): Promise<void> {
  if (options.list) return printRules(options.format);
  if (options.schema) return console.log(JSON.stringify(schemaOf(options.schema), null, 2));
  if (subject === undefined)
    throw new ArgumentError('Give an image, a program or a folder; --list and --schema need none.');
  const from = process.cwd();
  const out = options.out === undefined ? undefined : fileOfOption('--out', options.out, from);
  const program = await openSubject(subject, from, options);
  // The report alone is on stdout where a program may read it.
  const isForPeople = options.format === 'text' || out !== undefined;
  const terminal = createTerminal(isForPeople ? process.stdout : process.stderr);
  const progress = showProgress(terminal);
  const interrupt = listenForInterrupt(() => terminal.line('Stopping.'));
  try {
    const report = await checkConformance({
      program,
      profile: await findProfile(program, options.profile, from),
      ...{ rules: options.rule, skip: options.skip },
      stop: interrupt.signal,
      onStart: ({ id }) => progress.start(id),
      onResult: (result) => terminal.line(paint(terminal, result)),
    });
    progress.end();
    publish(report, options.format, out, terminal);
    if (!report.conforms) throw new JobError(`${report.subject} does not conform: ${brokenIds(report)}`);
  } catch (error) {
    if (interrupt.signal.aborted) throw new JobError('stopped', { cause: error });
    throw error;
  } finally {
    progress.end();
    interrupt.close();
    if (isImageProgram(program)) await program.sandbox?.close();
  }
}

// --- internal ---

/** In a pipe, where nothing is live, a rule that takes long says so each minute: a CI system ends what is silent. */
const SILENT_MS = 60_000;

function showProgress(terminal: Terminal) {
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(timer);
    terminal.endProgress();
  };
  return {
    start(id: string) {
      clearInterval(timer);
      terminal.progress(id);
      if (terminal.isLive) return;
      const began = performance.now();
      const show = () => terminal.line(`trying ${id}: ${Math.round((performance.now() - began) / 1000)} s so far`);
      timer = setInterval(show, SILENT_MS).unref();
    },
    end,
  };
}

/** Without one, a foreign container is tried with what every container can be asked. */
async function findProfile(program: Program, given: string | undefined, from: string): Promise<ConformanceProfile> {
  const path = given === undefined ? undefined : resolve(from, given);
  if (path !== undefined && !statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return readConformanceProfile(path);
  let sampleData: string;
  try {
    sampleData = findSampleData(program, path, from);
  } catch (error) {
    if (error instanceof ArgumentError) return EMPTY_PROFILE;
    throw error;
  }
  return profileOfProduct(sampleData, await describeProgram(program));
}

function publish(
  report: ConformanceReport,
  format: ConformanceOptions['format'],
  out: string | undefined,
  terminal: Terminal,
): void {
  const text = FORMATS[format](report);
  if (out !== undefined) {
    writeFileSync(out, `${text}\n`);
    if (format !== 'text') terminal.line(`\n${formatText(report)}`);
    terminal.line(`Report: ${relative(process.cwd(), out) || basename(out)}`);
  } else if (format === 'text') terminal.line(`\n${text}`);
  else console.log(text);
}

const FORMATS: Readonly<Record<ConformanceOptions['format'], (report: ConformanceReport) => string>> = {
  text: formatText,
  json: (report) => JSON.stringify(report, null, 2),
  junit: formatJUnit,
};

function paint(terminal: Terminal, result: RuleResult): string {
  const line = formatResult(result);
  const word = /^(passed|BROKEN|not tried)/.exec(line)![0];
  const style = word === 'passed' ? 'green' : word === 'BROKEN' ? 'red' : 'yellow';
  return `${terminal.style(style, word)}${line.slice(word.length)}`;
}

function brokenIds({ results }: ConformanceReport): string {
  return results
    .filter(({ result, severity }) => result === 'broken' && severity === 'must')
    .map(({ id }) => id)
    .join(', ');
}

function printRules(format: ConformanceOptions['format']): void {
  const rules = listRules();
  const rows = rules.map(({ id, severity, rule, source }) => [id, severity, `${rule} [${source}]`]);
  console.log(format === 'json' ? JSON.stringify(rules, null, 2) : formatTable(rows).join('\n'));
}
