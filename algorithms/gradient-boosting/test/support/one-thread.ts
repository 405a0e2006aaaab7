/** For jobs of few rows: starting a helper thread takes longer than they do, and a model does not depend on threads. */
export const ONE_THREAD = { nthread: '1' } as const;
