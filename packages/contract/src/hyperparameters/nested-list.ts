/**
 * Lists of numbers and of lists as clients write them, read by a small grammar; nothing is ever evaluated.
 *
 *   list  = "(" items ")" | "[" items "]" | items          (bare items only at the outside)
 *   items = [ item { "," item } [ "," ] ]
 *   item  = number | list
 */

export type NestedList = readonly (number | NestedList)[];

const DECIMAL = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']' };
/** Deeper nesting has no meaning to any hyperparameter. */
const MAX_DEPTH = 4;

/** The list that `text` is, or undefined when it does not follow the grammar. */
export function parseNestedList(text: string): NestedList | undefined {
  const plain = text.trim();
  return parseBracketed(plain) ?? parseBracketed(`[${plain}]`);
}

/** Whether every entry is a number for which `holds`. */
export function isNumberList(list: NestedList, holds: (value: number) => boolean): list is readonly number[] {
  return list.every((item) => typeof item === 'number' && holds(item));
}

// --- internal ---

function parseBracketed(text: string): NestedList | undefined {
  const closing = CLOSING[text.charAt(0)];
  const at = { position: 1 };
  const list = closing === undefined ? undefined : parseItems(text, at, closing, 1);
  return at.position === text.length ? list : undefined;
}

/** Reads from `at.position`, after the opening bracket, to behind `closing`. */
function parseItems(text: string, at: { position: number }, closing: string, depth: number): NestedList | undefined {
  const items: (number | NestedList)[] = [];
  for (;;) {
    skipBlanks(text, at);
    if (text[at.position] === closing) {
      at.position += 1;
      return items;
    }
    const item = parseItem(text, at, depth);
    if (item === undefined) return undefined;
    items.push(item);
    skipBlanks(text, at);
    if (text[at.position] === ',') at.position += 1;
    else if (text[at.position] !== closing) return undefined;
  }
}

function parseItem(text: string, at: { position: number }, depth: number): number | NestedList | undefined {
  const closing = CLOSING[text.charAt(at.position)];
  if (closing !== undefined) {
    if (depth === MAX_DEPTH) return undefined;
    at.position += 1;
    return parseItems(text, at, closing, depth + 1);
  }
  DECIMAL.lastIndex = at.position;
  const number = DECIMAL.exec(text)?.[0];
  if (number === undefined) return undefined;
  at.position += number.length;
  return Number(number);
}

function skipBlanks(text: string, at: { position: number }): void {
  while (text[at.position] === ' ') at.position += 1;
}
