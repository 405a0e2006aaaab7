/** Holds the state, and draws again what uses a part of it that has changed. */
import { createContext } from 'preact';
import { useContext, useLayoutEffect, useState } from 'preact/hooks';
import { type Action, reduce } from './reduce.js';
import { INITIAL_STATE, type State } from './state.js';

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  /** @returns ends it */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State = INITIAL_STATE): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      state = reduce(state, action);
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export const StoreContext = createContext<Store>(createStore());

export function useStore(): Store {
  return useContext(StoreContext);
}

/** A part of the state, by a function that gives the same object as long as nothing in it has changed. */
export function usePart<T>(select: (state: State) => T): T {
  const store = useStore();
  const value = select(store.get());
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    let last = value;
    const check = () => {
      const next = select(store.get());
      if (Object.is(next, last)) return;
      last = next;
      draw((count) => count + 1);
    };
    check(); // what parts drawn with this one have changed
    return store.subscribe(check);
  });
  return value;
}
