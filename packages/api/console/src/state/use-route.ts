/** The route of the page's address. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { addressOf, parseRoute, type Route } from './route.js';

export function goTo(route: Route): void {
  window.location.hash = addressOf(route);
}

export function useRoute(): Route {
  const [hash, setHash] = useState(window.location.hash);
  useLayoutEffect(() => {
    const listen = () => setHash(window.location.hash);
    window.addEventListener('hashchange', listen);
    return () => window.removeEventListener('hashchange', listen);
  }, []);
  return parseRoute(hash);
}
