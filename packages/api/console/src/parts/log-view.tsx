/** The log of a resource: only the lines in view are in the document; it follows the end until the reader scrolls up. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { logAddress } from '../api/output.js';
import type { LogPlace } from '../state/kinds.js';
import type { LogLine, Output } from '../state/state.js';
import { parseAnsi, plainText } from '../text/ansi.js';
import { formatTime } from '../text/format.js';
import { Icon } from './icon.js';
import { Spaced, useWindow } from './virtual-list.js';

const LINE_HEIGHT = 20;
const MAX_HEIGHT = 420;
/** Of a line: more of it would only slow the page down. */
const SHOWN_CHARACTERS = 4000;
/** From the end: a reader who is this near wants to see what comes. */
const NEAR_END = 2 * LINE_HEIGHT;

export function LogView({ output, place }: { readonly output: Output; readonly place: LogPlace }) {
  const [search, setSearch] = useState('');
  const [isFollowing, setFollowing] = useState(true);
  const lines = useMemo(() => matching(output.lines, search), [output.lines, search]);
  return (
    <section class="card log" aria-labelledby="log-title">
      <div class="card-head">
        <h2 id="log-title">Log</h2>
        <span class="quiet-text">{output.lines.length.toLocaleString('en')} lines</span>
        <div class="card-end">
          <label class="search small">
            <Icon name="search" />
            <span class="hidden">Lines that contain</span>
            <input
              type="search"
              placeholder="Lines that contain…"
              value={search}
              onInput={({ currentTarget }) => setSearch(currentTarget.value)}
            />
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={isFollowing}
              onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
            />
            Follow
          </label>
          <a class="button" href={logAddress(place)} download>
            <Icon name="download" /> Save
          </a>
        </div>
      </div>
      {output.isCut && <p class="quiet-text log-cut">Earlier lines are not shown. “Save” has all of them.</p>}
      {lines.length > 0 ? (
        <Lines lines={lines} isFollowing={isFollowing} onFollow={setFollowing} />
      ) : (
        <p class="empty">{output.lines.length > 0 ? 'No line matches.' : 'Nothing has been printed yet.'}</p>
      )}
    </section>
  );
}

// --- internal ---

function matching(lines: readonly LogLine[], search: string): readonly LogLine[] {
  const text = search.toLowerCase();
  return text === '' ? lines : lines.filter((line) => searchable(line).includes(text));
}

/** Lines do not change, so their texts without colours are kept: each new line searches all of them again. */
const searchTexts = new WeakMap<LogLine, string>();

function searchable(line: LogLine): string {
  const known = searchTexts.get(line);
  if (known !== undefined) return known;
  const text = plainText(line.text).toLowerCase();
  searchTexts.set(line, text);
  return text;
}

interface LinesProps {
  readonly lines: readonly LogLine[];
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

function Lines({ lines, isFollowing, onFollow }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const window = useWindow(box, lines.length, LINE_HEIGHT);
  useLayoutEffect(() => {
    if (isFollowing) box.current!.scrollTop = box.current!.scrollHeight;
  }, [isFollowing, lines.length]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    onFollow(scrollHeight - scrollTop - clientHeight < NEAR_END);
  };
  return (
    <div
      class="log-lines"
      ref={box}
      tabIndex={0}
      role="group"
      aria-label="Lines"
      style={{ height: `${Math.min(MAX_HEIGHT, (lines.length + 2) * LINE_HEIGHT)}px` }}
      onScroll={onScroll}
    >
      <Spaced window={window} count={lines.length} rowHeight={LINE_HEIGHT}>
        {lines.slice(window.first, window.end).map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </Spaced>
    </div>
  );
}

function Line({ line: { at, text } }: { readonly line: LogLine }) {
  const cut = text.length - SHOWN_CHARACTERS;
  return (
    <div class="log-line">
      <time dateTime={new Date(at).toISOString()}>{formatTime(at / 1000).slice(11)}</time>
      <code>
        {parseAnsi(text.slice(0, SHOWN_CHARACTERS)).map(({ text, classes }, i) => (
          // the pieces of a line do not change
          <span key={i} class={classes.map((name) => `ansi-${name}`).join(' ') || undefined}>
            {text}
          </span>
        ))}
      </code>
      {cut > 0 && <span class="quiet-text">… and {cut.toLocaleString('en')} characters more: see “Save”</span>}
    </div>
  );
}
