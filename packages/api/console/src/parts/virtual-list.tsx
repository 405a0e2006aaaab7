/**
 * A list of which only the rows in view are in the document: rows of one height, above and below them empty space. One row
 * has the focus of the list, moved by the arrow keys; it is scrolled into view.
 */
import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type RowWindow, windowOf } from '../state/row-window.js';

interface SeenWindow extends RowWindow {
  /** Whether not all rows fit into the element. */
  readonly isScrolled: boolean;
}

/** Follows an element's scrolling and size. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): SeenWindow {
  const [place, setPlace] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current!;
    const read = () => setPlace({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    read();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, [box]);
  return { ...windowOf(count, rowHeight, place.top, place.height), isScrolled: count * rowHeight > place.height };
}

interface SpacedProps {
  readonly window: RowWindow;
  readonly count: number;
  readonly rowHeight: number;
  readonly children: ComponentChildren;
}

/** The rows in view, at their place in the whole list's height. */
export function Spaced({ window: { first }, count, rowHeight, children }: SpacedProps) {
  return (
    <div class="spaced" role="presentation" style={{ height: `${count * rowHeight}px` }}>
      <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
        {children}
      </div>
    </div>
  );
}

/** The row with the list's focus: `move` also focuses it, after it has been drawn. */
export function useActiveRow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [active, setActive] = useState(0);
  const mustFocus = useRef(false);
  const at = Math.min(active, Math.max(0, count - 1));
  useLayoutEffect(() => {
    if (!mustFocus.current) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-row="${at}"]`);
    if (!row) return; // it is drawn after the scrolling has been noticed
    mustFocus.current = false;
    row.focus({ preventScroll: true });
  });
  const move = (to: number) => {
    const element = box.current!;
    const top = to * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
    mustFocus.current = true;
    setActive(to);
  };
  return { active: at, move, mark: setActive };
}
