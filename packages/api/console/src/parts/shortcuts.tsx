/**
 * Keys that work everywhere but in a field. A part of a page offers one with `data-key`: the key does what a click on it
 * does. They can be switched off, as those who speak to their computer need it.
 */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Kind } from '../state/kinds.js';
import type { Route } from '../state/route.js';
import { goTo } from '../state/use-route.js';
import { Dialog } from './dialog.js';

const KEYS: readonly (readonly [string, string])[] = [
  ['?', 'Show these shortcuts'],
  ['/', 'Search the list'],
  ['↑ ↓ Home End', 'Move in a list'],
  ['Enter', 'Open the row'],
  ['Space or x', 'Select a job to compare'],
  ['c', 'Compare the selected jobs'],
  ['n', 'New'],
  ['s', 'Stop'],
  ['r', 'Run again with changes'],
  ['d', 'Delete'],
  ['u', 'Back to the list'],
  ['g then j, t, b', 'Go to training, tuning, transform (batch) jobs'],
  ['g then a, p, v, m, e', 'Go to algorithms, packages, package groups (versions), models, endpoints'],
];

const PLACES: Readonly<Record<string, Kind>> = {
  j: 'training-job',
  t: 'hyper-parameter-tuning-job',
  b: 'transform-job',
  a: 'algorithm',
  p: 'model-package',
  v: 'model-package-group',
  m: 'model',
  e: 'endpoint',
};

const SWITCH = 'keys';
const HELP_EVENT = 'showkeys';

export function openHelp(): void {
  window.dispatchEvent(new Event(HELP_EVENT));
}

export function Shortcuts({ route }: { readonly route: Route }) {
  const [isOpen, setOpen] = useState(false);
  const [isOn, setOn] = useState(window.localStorage.getItem(SWITCH) !== 'off');
  // With the page that it is for, not after it: until then a key would act on the page before
  useLayoutEffect(() => {
    const show = () => setOpen(true);
    const listen = createListener(route, show);
    window.addEventListener(HELP_EVENT, show);
    if (isOn) window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener(HELP_EVENT, show);
      window.removeEventListener('keydown', listen);
    };
  }, [route, isOn]);
  if (!isOpen) return null;
  const change = (isChecked: boolean) => {
    window.localStorage.setItem(SWITCH, isChecked ? 'on' : 'off');
    setOn(isChecked);
  };
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => setOpen(false)}>
      <dl class="keys">
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => change(currentTarget.checked)} />
        Enable single-key shortcuts
      </label>
      <div class="dialog-end">
        <button type="button" autofocus onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

// --- internal ---

function createListener(route: Route, showHelp: () => void): (event: KeyboardEvent) => void {
  let isGoing = false;
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const { key } = event;
    const place = isGoing ? PLACES[key] : undefined;
    isGoing = key === 'g';
    if (isGoing) return;
    if (place) goTo({ page: 'list', kind: place });
    else if (key === '?') showHelp();
    else if (key === 'u' && 'kind' in route) goTo({ page: 'list', kind: route.kind });
    else if (!pressKey(key)) return;
    event.preventDefault();
  };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isField = target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]');
  return isField || target.closest('dialog') !== null;
}

/** Whether something on the page has this key. */
function pressKey(key: string): boolean {
  const target = [...document.querySelectorAll<HTMLElement>('[data-key]')].find(({ dataset }) => dataset.key === key);
  if (!target) return false;
  if (target.matches('input')) target.focus();
  else target.click();
  return true;
}
