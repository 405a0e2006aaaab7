/** Which rows of a long list are drawn, and where the keys lead. */

export interface RowWindow {
  readonly first: number;
  /** After the last row in view. */
  readonly end: number;
}

/** Rows drawn above and below those in view, so that scrolling shows no gaps. */
const MARGIN_ROWS = 8;

/** Which rows to draw. Sizes in CSS pixels. */
export function windowOf(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - MARGIN_ROWS);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + MARGIN_ROWS);
  return { first: Math.min(first, end), end };
}

const MOVES: Readonly<Record<string, (at: number, page: number, count: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: (_at, _page, count) => count - 1,
};

/** The row that a key moves to; undefined for other keys. */
export function moveBy(key: string, at: number, page: number, count: number): number | undefined {
  const next = MOVES[key]?.(at, page, count);
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next));
}
