/**
 * One hyperparameter's text as the values it may stand for. Clients pad, JSON-quote once (`"\"256\""`), and write
 * booleans as True, true or 1; none of that changes what is meant. Everything else is read strictly: `""`, `5abc`,
 * `NaN` and `yes` are nothing.
 */
import type { Rule } from './field.js';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The readings of `text` under `rule`, the likeliest first; empty when there is none. */
export function readCandidates(rule: Rule, text: string): unknown[] {
  const plain = unquote(text.trim());
  if (rule.anyOf) return rule.anyOf.flatMap((alternative) => readCandidates(alternative, plain));
  const listed = rule.enum ?? (rule.const === undefined ? undefined : [rule.const]);
  if (listed) return listed.filter((value) => String(value) === plain);
  switch (rule.type) {
    case 'integer':
    case 'number':
      return DECIMAL.test(plain) ? [Number(plain)] : [];
    case 'boolean':
      return /^(true|1)$/i.test(plain) ? [true] : /^(false|0)$/i.test(plain) ? [false] : [];
    case 'array':
      return readList(rule, plain);
    default:
      return [plain];
  }
}

// --- internal ---

/** One layer of JSON quotes off, and the padding inside it. */
function unquote(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  try {
    return String(JSON.parse(text)).trim();
  } catch {
    return text;
  }
}

/** A JSON list, or entries between commas. */
function readList(rule: Rule, text: string): unknown[] {
  const entries = text.startsWith('[') ? parseJsonList(text) : text.split(',');
  const items = rule.items || {};
  const values = entries?.map((entry) => readCandidates(items, entry)[0]);
  return values?.every((value) => value !== undefined) ? [values] : [];
}

function parseJsonList(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list)
      ? list.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)))
      : undefined;
  } catch {
    return undefined;
  }
}
