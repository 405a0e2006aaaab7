/** The frame of all pages: the bar at the side, the page of the address, messages. */
import { useLayoutEffect } from 'preact/hooks';
import { ComparePage } from './pages/compare-page.js';
import { CreatePage } from './pages/create-page.js';
import { DeployPage } from './pages/deploy-page.js';
import { DetailPage } from './pages/detail-page.js';
import { ListPage } from './pages/list-page.js';
import { Notices } from './parts/notices.js';
import { Shortcuts } from './parts/shortcuts.js';
import { SideBar } from './parts/side-bar.js';
import { infoOf } from './state/kinds.js';
import { addressOf, type Route } from './state/route.js';
import { useRoute } from './state/use-route.js';

export function App() {
  const route = useRoute();
  const address = addressOf(route);
  // Before the page is painted, so that a key that is pressed as soon as it is seen finds the focus there.
  // Not all that is used is named: once per address, whatever the route's object
  useLayoutEffect(() => {
    document.title = `${titleOf(route)} · SageMaker on this machine`;
    document.querySelector<HTMLElement>('main h1')?.focus();
  }, [address]);
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={skip}>
        Skip to content
      </button>
      <SideBar route={route} />
      <main id="main" key={address}>
        <Page route={route} />
      </main>
      <Shortcuts route={route} />
      <Notices />
    </div>
  );
}

// --- internal ---

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'list':
      return <ListPage kind={route.kind} />;
    case 'detail':
      return <DetailPage kind={route.kind} name={route.name} />;
    case 'create':
      return <CreatePage kind={route.kind} from={route.from} />;
    case 'deploy':
      return <DeployPage job={route.job} />;
    case 'compare':
      return <ComparePage names={route.names} />;
    case 'unknown':
      return (
        <div class="empty">
          <h1 tabIndex={-1}>Page not found</h1>
          <a href="#/">All training jobs</a>
        </div>
      );
  }
}

function titleOf(route: Route): string {
  if (route.page === 'list') return infoOf(route.kind).title;
  if (route.page === 'detail') return route.name;
  if (route.page === 'create') return `New ${infoOf(route.kind).one}`;
  if (route.page === 'deploy') return `Deploy ${route.job}`;
  return route.page === 'compare' ? 'Compare' : 'Page not found';
}

/** The address is the route, so this is no link. */
function skip(): void {
  document.querySelector<HTMLElement>('main h1')?.focus();
}
