/**
 * Output of the commands: lines, one live line for work in progress on a terminal, and a table. In a pipe there is no
 * live line and no colour; NO_COLOR is respected (by node:util styleText).
 */
import { styleText } from 'node:util';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

export interface Terminal {
  /** Whether there is a live line. */
  readonly isLive: boolean;
  line(text: string): void;
  /** Shows `text` as work in progress until the next call; nothing in a pipe. */
  progress(text: string): void;
  /** Removes the live line. */
  endProgress(): void;
  style(style: Style, text: string): string;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const { TERM, CI } = process.env;
  const isLive = stream.isTTY === true && TERM !== 'dumb' && !CI;
  let live: { text: string; readonly started: number; frame: number; readonly timer: NodeJS.Timeout } | undefined;

  const draw = () => {
    if (!live) return;
    const seconds = ((performance.now() - live.started) / 1000).toFixed(1);
    const text = `${FRAMES[live.frame++ % FRAMES.length]} ${live.text} ${seconds} s`;
    stream.write(CLEAR_LINE + text.slice(0, (stream.columns || DEFAULT_COLUMNS) - 1));
  };
  const endProgress = () => {
    if (!live) return;
    clearInterval(live.timer);
    live = undefined;
    stream.write(CLEAR_LINE);
  };
  return {
    isLive,
    line(text) {
      if (live) stream.write(CLEAR_LINE);
      stream.write(`${text}\n`);
      draw();
    },
    progress(text) {
      if (!isLive) return;
      if (live) live.text = text;
      else live = { text, started: performance.now(), frame: 0, timer: setInterval(draw, FRAME_MS).unref() };
    },
    endProgress,
    style: (style, text) => styleText(style, text, { stream }),
  };
}

/**
 * Rows as lines of aligned columns; the last column is not padded.
 * @param alignRight columns of numbers, by index
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  alignRight: readonly number[] = [],
): readonly string[] {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columns }, (_, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0),
  );
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      if (alignRight.includes(i)) return cell.padStart(widths[i]!);
      return i === columns - 1 ? cell : cell.padEnd(widths[i]!);
    });
    return cells.join('  ').trimEnd();
  });
}
