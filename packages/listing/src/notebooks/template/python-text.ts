/** Values as Python writes them. */

/** A Map becomes a dict in its order. On one line while it is short, else a line for each item. */
export function pythonOf(value: unknown, indent = 0): string {
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => pythonOf(item, indent + 4))
    : [...(value instanceof Map ? value : Object.entries(value))].map(
        ([key, item]) => `${JSON.stringify(key)}: ${pythonOf(item, indent + 4)}`,
      );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const line = `${open}${items.join(', ')}${close}`;
  if (line.length + indent <= LINE_CHARACTERS && !line.includes('\n')) return line;
  const pad = ' '.repeat(indent);
  if (isList && value.every((item) => typeof item === 'string')) return filled(items, pad);
  return `${open}\n${items.map((item) => `${pad}    ${item},\n`).join('')}${pad}${close}`;
}

// --- internal ---

const LINE_CHARACTERS = 100;

/** Texts, as many on each line as there is room for. */
function filled(items: readonly string[], pad: string): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && pad.length + last.length + item.length < LINE_CHARACTERS)
      lines.push(`${lines.pop()} ${item},`);
    else lines.push(`${item},`);
  }
  return `[\n${lines.map((line) => `${pad}    ${line}\n`).join('')}${pad}]`;
}
