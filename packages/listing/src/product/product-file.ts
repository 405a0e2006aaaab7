/** Reads `product.yaml`. Every problem has its line, and all of them are reported in one call. */
import { messageOf } from '@algo/local';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { issueText } from './issue-text.js';
import { type Product, productSchema } from './schema.js';

export const PRODUCT_FILE = 'product.yaml';

/** A field and where it is: keys of maps and numbers of items, from the root. */
export type FieldPath = readonly PropertyKey[];

export interface ProductProblem {
  /** From 1. */
  readonly line: number;
  /** Field, rule and value. */
  readonly text: string;
}

export interface ProductFile {
  readonly file: string;
  /** Undefined where there are problems. */
  readonly product: Product | undefined;
  readonly problems: readonly ProductProblem[];
  /** Line of a field, or of the nearest one around it that is written. */
  lineOf(path: FieldPath): number;
}

/** @param file its path, for messages */
export function parseProduct(text: string, file: string): ProductFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (path: FieldPath) => lines.linePos(offsetOf(document.contents, path)).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      line: lines.linePos(error.pos[0]).line,
      text: `must be YAML; ${error.message.replace(/\.$/, '')}`,
    }));
    return { file, product: undefined, problems, lineOf };
  }
  const faults = structureFaults(document);
  if (faults.length > 0) {
    const problems = faults.map(({ offset, text }) => ({ line: lines.linePos(offset).line, text }));
    return { file, product: undefined, problems, lineOf };
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // An alias without its anchor is no error of the syntax.
    return { file, product: undefined, problems: [{ line: 1, text: `must be YAML; ${messageOf(error)}` }], lineOf };
  }
  const parsed = productSchema.safeParse(value);
  if (parsed.success) return { file, product: parsed.data, problems: [], lineOf };
  const problems = parsed.error.issues
    .map((issue) => ({
      line: lineOf(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path),
      text: `${fieldName(issue.path)} ${issueText(issue, valueAt(value, issue.path))}`,
    }))
    .sort((a, b) => a.line - b.line);
  return { file, product: undefined, problems, lineOf };
}

/** `highlights[1]` */
export function fieldName(path: FieldPath): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name.replace(/^\./, '') || 'the file';
}

// --- internal ---

interface StructureFault {
  /** In the text. */
  readonly offset: number;
  readonly text: string;
}

/** What a schema cannot see: an alias inside of what it names has no end, and no object can have the field `__proto__`. */
function structureFaults(document: Document.Parsed): readonly StructureFault[] {
  const faults: StructureFault[] = [];
  const fault = (node: Node, text: string) => faults.push({ offset: node.range?.[0] ?? 0, text });
  visit(document, {
    Alias(_, node, path) {
      const named = node.resolve(document);
      if (named && path.includes(named)) {
        fault(node, `*${node.source} must be outside of what it names, &${node.source}; it is inside`);
      }
    },
    Scalar(place, node) {
      if (place === 'key' && node.value === '__proto__')
        fault(node, 'must not have "__proto__": there is no such field');
    },
  });
  return faults;
}

/** Offset in the text: of the key of a field, of an item itself. */
function offsetOf(root: Node | null, path: FieldPath): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (found, part) => (typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined),
    value,
  );
}
