/** What the scripts of clients print, and the table of it: a line per step, a column per client. */

export interface Cell {
  readonly ok: boolean;
  /** Why the client does not have the step; it has looked. */
  readonly absent?: string;
  readonly detail?: string;
}

export interface Report {
  readonly client: string;
  readonly versions: string;
  /** In the order of the script. */
  readonly steps: readonly string[];
  /** By step: of a script that ended early, not all of them. */
  readonly cells: ReadonlyMap<string, Cell>;
}

interface Line extends Partial<Cell> {
  readonly versions?: Readonly<Record<string, string>>;
  readonly steps?: readonly string[];
  readonly step?: string;
}

/** Assertions show whole answers. */
const DETAIL_CHARS = 2000;

/** Reads what a script printed: a line with versions and steps, then one per step. */
export function readReport(client: string, output: string): Report {
  const lines = output.split('\n').filter((line) => /^\{"(versions|step)"/.test(line));
  const parsed = lines.map((line) => JSON.parse(line) as Line);
  const head = parsed.find(({ steps }) => steps !== undefined);
  const cells = parsed.flatMap(({ step, ok, absent, detail }) =>
    step === undefined ? [] : [[step, { ok, absent, detail: detail?.slice(0, DETAIL_CHARS) } as Cell] as const],
  );
  return {
    client,
    versions: Object.entries(head?.versions ?? {})
      .flat()
      .join(' '),
    steps: head?.steps ?? [],
    cells: new Map(cells),
  };
}

/** Whether every step that the script has was right. */
export function isComplete({ steps, cells }: Report, expected: readonly string[] = steps): boolean {
  return expected.length > 0 && expected.every((step) => cells.get(step)?.ok);
}

/** Steps that any of the clients has, in their order; a client that lacks one is incomplete. */
export function allSteps(reports: readonly Report[]): readonly string[] {
  return [...new Set(reports.flatMap(({ steps }) => steps))];
}

/** The table, then the versions, what clients do not have, and errors. */
export function formatTable(reports: readonly Report[]): string {
  const steps = allSteps(reports);
  const notes: string[] = [];
  const textOf = (report: Report, step: string): string => {
    const cell = report.cells.get(step);
    if (cell?.ok && cell.absent === undefined) return 'ok';
    const text = cell === undefined ? 'EMPTY' : cell.ok ? 'none' : 'FAILED';
    const note = cell?.ok
      ? `${report.client}: not in this client: ${cell.absent}`
      : `${report.client}, ${step}: ${cell?.detail ?? 'the script has no such step, or ended before it'}`;
    if (!notes.includes(note)) notes.push(note);
    return `${text} [${notes.indexOf(note) + 1}]`;
  };
  const body = steps.map((step) => [step, ...reports.map((report) => textOf(report, step))]);
  return [
    ...aligned([['', ...reports.map(({ client }) => client)], ...body]),
    '',
    ...aligned(reports.map(({ client, versions }) => [client, versions])),
    ...notes.map((note, at) => `[${at + 1}] ${note}`),
  ].join('\n');
}

/** A line per script: how many of its steps were right, then those that were not. */
export function formatList(reports: readonly Report[]): string {
  const lines = reports.map(({ client, steps, cells, versions }) => {
    const good = steps.filter((step) => cells.get(step)?.ok).length;
    return [client, `${good} of ${steps.length} steps ok`, versions];
  });
  const errors = reports.flatMap(({ client, steps, cells }) =>
    steps
      .filter((step) => !cells.get(step)?.ok)
      .map((step) => `${client}, ${step}: FAILED ${cells.get(step)?.detail ?? 'the script ended before it'}`),
  );
  return [...aligned(lines), ...errors].join('\n');
}

// --- internal ---

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('   ')
      .trimEnd(),
  );
}
