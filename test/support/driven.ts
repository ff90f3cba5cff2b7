/** Waits for work that needs something done again and again, e.g. time moved on, until it is over. */
export async function driven<T>(work: Promise<T>, step: () => Promise<void>): Promise<T> {
  const state = { over: false };
  const watched = work.finally(() => (state.over = true));
  // Whoever awaits the result gets the rejection; here it only ends the loop.
  watched.catch(() => undefined);
  while (!state.over) await step();
  return await watched;
}
