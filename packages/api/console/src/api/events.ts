/**
 * Keeps the state as the server's: one stream of events per page that is seen. A page in the background has none, since a
 * browser gives all pages of a server six connections together; when it is seen again it gets a whole list.
 */
import type { ChangeEvent, Row } from '../../../src/console/answers.js';
import type { Store } from '../state/store.js';

const RETRY_MS = 1000;

export function followEvents(store: Store): void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  const close = () => {
    window.clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    source = new EventSource('/_console/events');
    source.addEventListener('snapshot', ({ data }) => {
      store.dispatch({ type: 'snapshot', rows: JSON.parse(data as string) as Row[] });
    });
    source.addEventListener('changes', ({ data }) => {
      store.dispatch({ type: 'changes', changes: JSON.parse(data as string) as ChangeEvent });
    });
    source.addEventListener('error', () => {
      close();
      store.dispatch({ type: 'connection', connection: 'lost' });
      timer = window.setTimeout(open, RETRY_MS);
    });
  };
  const leave = () => {
    close();
    store.dispatch({ type: 'connection', connection: 'connecting' }); // what is read only while it is live is read again
  };
  const followIfSeen = () => {
    if (document.visibilityState === 'hidden') leave();
    else if (!source) open();
  };
  document.addEventListener('visibilitychange', followIfSeen);
  window.addEventListener('pagehide', leave);
  followIfSeen();
}
