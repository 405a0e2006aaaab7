/** What is to be done when this process ends before its containers: one listener for all, as Node warns of more than ten. */

const actions = new Set<() => void>();

/** @returns what takes the action back */
export function atExit(action: () => void): () => void {
  if (actions.size === 0) process.once('exit', runAll);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) process.off('exit', runAll);
  };
}

// --- internal ---

function runAll(): void {
  for (const action of actions) action();
}
