/**
 * The one place that prints. Plain lines, errors to stderr, no colour; a tab becomes a blank because SageMaker's log
 * agent rewrites tabs (contract: metric lines of the XGBoost container show `#011`).
 */
export interface Log {
  info(line: string): void;
  error(line: string): void;
}

/** Writes to this process's stdout and stderr, both of which SageMaker sends to CloudWatch. */
export const consoleLog: Log = {
  info: (line) => void process.stdout.write(`${plain(line)}\n`),
  error: (line) => void process.stderr.write(`${plain(line)}\n`),
};

/** Keeps the lines, for tests. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    info: (line) => void lines.push(plain(line)),
    error: (line) => void lines.push(plain(line)),
  };
}

// --- internal ---

function plain(line: string): string {
  return line.replaceAll('\t', ' ');
}
