/** Starts the page. */
import { render } from 'preact';
import { followEvents } from './api/events.js';
import { App } from './app.js';
import { createStore, StoreContext } from './state/store.js';
import { applyTheme, readTheme } from './theme.js';

const store = createStore();
applyTheme(readTheme());
render(
  <StoreContext.Provider value={store}>
    <App />
  </StoreContext.Provider>,
  document.getElementById('page')!,
);
followEvents(store);
