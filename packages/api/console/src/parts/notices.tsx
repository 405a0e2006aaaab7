/** Messages about what was asked for: they are read out, and those of success go by themselves. */
import { useEffect } from 'preact/hooks';
import type { Notice } from '../state/state.js';
import { type Store, usePart, useStore } from '../state/store.js';
import { Icon } from './icon.js';

const SHOWN_MS = 6000;
let lastId = 0;

export function notify(store: Store, tone: Notice['tone'], text: string): void {
  lastId += 1;
  store.dispatch({ type: 'notice', notice: { id: lastId, tone, text } });
}

export function Notices() {
  const notices = usePart((state) => state.notices);
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

// --- internal ---

function OneNotice({ notice: { id, tone, text } }: { readonly notice: Notice }) {
  const store = useStore();
  useEffect(() => {
    if (tone === 'bad') return;
    const timer = window.setTimeout(() => store.dispatch({ type: 'dismiss', id }), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [id, tone, store]);
  return (
    <div class={`notice ${tone}`}>
      <span>{text}</span>
      <button type="button" class="bare" aria-label="Dismiss" onClick={() => store.dispatch({ type: 'dismiss', id })}>
        <Icon name="close" />
      </button>
    </div>
  );
}
