/** The bar at the side: the kinds with how many there are, whether the page is live, the theme, the keys. */

import { KINDS, type Kind } from '../state/kinds.js';
import { addressOf, type Route } from '../state/route.js';
import { usePart } from '../state/store.js';
import { Icon, type IconName } from './icon.js';
import { openHelp } from './shortcuts.js';
import { isBusy } from './status.js';
import { ThemeSwitch } from './theme-switch.js';

const ICONS: Readonly<Record<Kind, IconName>> = {
  'training-job': 'train',
  'hyper-parameter-tuning-job': 'tune',
  'transform-job': 'transform',
  algorithm: 'algorithm',
  'model-package': 'package',
  'model-package-group': 'group',
  model: 'model',
  endpoint: 'endpoint',
  'endpoint-config': 'config',
};

export function SideBar({ route }: { readonly route: Route }) {
  const current = route.page === 'unknown' || route.page === 'compare' ? undefined : route.kind;
  return (
    <header class="side">
      <a class="brand" href="#/">
        <img src="/_console/icon.svg" alt="" width="28" height="28" />
        <span>
          SageMaker
          <small>on this machine</small>
        </span>
      </a>
      <nav aria-label="Resources">
        <ul>
          {KINDS.map(({ kind, title }) => (
            <li key={kind}>
              <a href={addressOf({ page: 'list', kind })} aria-current={kind === current ? 'page' : undefined}>
                <Icon name={ICONS[kind]} />
                <span class="label">{title}</span>
                <Count kind={kind} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="side-end">
        <Connection />
        <button type="button" class="quiet" onClick={openHelp}>
          <Icon name="keyboard" /> Shortcuts <kbd>?</kbd>
        </button>
        <ThemeSwitch />
      </div>
    </header>
  );
}

// --- internal ---

function Count({ kind }: { readonly kind: Kind }) {
  const rows = usePart((state) => state.rows[kind]);
  if (!rows || rows.length === 0) return null;
  const busy = rows.filter(({ status }) => isBusy(status)).length;
  return (
    <span class="count">
      {busy > 0 && (
        <span class="dot busy" title={`${busy} in progress`}>
          <span class="hidden">{busy} in progress, </span>
        </span>
      )}
      {rows.length.toLocaleString('en')}
      <span class="hidden"> in total</span>
    </span>
  );
}

function Connection() {
  const connection = usePart((state) => state.connection);
  const text = { connecting: 'Connecting…', live: 'Live', lost: 'No connection: is algo up running?' }[connection];
  return (
    <p class={`connection ${connection}`} role="status">
      <span class="dot" /> {text}
    </p>
  );
}
