/**
 * Terminal output as pieces of text with a style: colours of ECMA-48's SGR become the names of classes, all other control
 * sequences and characters go. Nothing of a line is ever markup.
 */

export interface Piece {
  readonly text: string;
  /** `bold`, `red`, `bright-blue`, …; empty for plain text. */
  readonly classes: readonly string[];
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const ESC = '\u001B';
/** CSI … final byte; OSC … BEL or ST; any other escape of two characters. */
const SEQUENCE = new RegExp(
  `${ESC}\\[([0-?]*)[ -/]*([@-~])|${ESC}\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)?|${ESC}[ -~]?`,
  'g',
);
/** C0 without tab, DEL, C1, and the characters that turn the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROLS = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

export function parseAnsi(line: string): readonly Piece[] {
  const visible = lastOverwrite(line);
  const pieces: Piece[] = [];
  let style: Style = {};
  let at = 0;
  const push = (text: string) => {
    const clean = text.replace(CONTROLS, '');
    if (clean !== '') pieces.push({ text: clean, classes: classesOf(style) });
  };
  for (const found of visible.matchAll(SEQUENCE)) {
    push(visible.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[2] === 'm') style = restyle(style, found[1] ?? '');
  }
  push(visible.slice(at));
  return pieces;
}

/** Without styles, to search in. */
export function plainText(line: string): string {
  return parseAnsi(line)
    .map(({ text }) => text)
    .join('');
}

// --- internal ---

interface Style {
  readonly isBold?: boolean;
  readonly colour?: string | undefined;
}

/** A progress bar writes its line again and again, each time after a carriage return: the last one is what is seen. */
function lastOverwrite(line: string): string {
  if (!line.includes('\r')) return line;
  return line.split('\r').findLast((part) => part !== '') ?? '';
}

function restyle(style: Style, parameters: string): Style {
  const codes = parameters.split(';').map(Number);
  let next = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 38 || code === 48)
      i += codes[i + 1] === 5 ? 2 : 4; // a colour of 256 or of RGB: not in the palette
    else if (code === 0) next = {};
    else if (code === 1) next = { ...next, isBold: true };
    else if (code === 22) next = { ...next, isBold: false };
    else if (code === 39) next = { ...next, colour: undefined };
    else if (code >= 30 && code <= 37) next = { ...next, colour: COLOURS[code - 30] };
    else if (code >= 90 && code <= 97) next = { ...next, colour: `bright-${COLOURS[code - 90]}` };
  }
  return next;
}

function classesOf({ isBold, colour }: Style): readonly string[] {
  return [...(isBold ? ['bold'] : []), ...(colour ? [colour] : [])];
}
