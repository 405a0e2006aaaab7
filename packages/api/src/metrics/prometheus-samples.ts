/** Samples in Prometheus's text format, as a container's /metrics has them. Source: Prometheus documentation, "Exposition formats". */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples with finite values; comments and lines that are none are left out. */
export function prometheusSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', number] = SAMPLE.exec(line) ?? [];
    const value = Number(number);
    if (name === undefined || !Number.isFinite(value)) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, label, quoted]) => [label!, unescaped(quoted!)] as const);
    return [{ name, labels: Object.fromEntries(pairs), value }];
  });
}

// --- internal ---

const LABEL = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;
/** Name, labels, value, and perhaps a time. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
