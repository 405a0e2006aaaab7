/**
 * The end of `npx`, which runs a command in a shell: a SIGTERM ends npx and that shell, and the command never gets it. So
 * `npx algo serve … & kill $!` would leave a server. The command notices that it has another parent.
 */

/** Of this process when it began: npx's shell, or npx where its shell replaces itself by the command. */
const PARENT = process.ppid;
const CHECK_MS = 500;

/**
 * Calls `onEnd` once the npx that started this process is gone; never where something else started it, since its end says
 * nothing there (`nohup algo up &`).
 * @returns stops watching
 */
export function watchNpx(onEnd: () => void): () => void {
  if (process.env.npm_command !== 'exec') return () => {};
  const timer = setInterval(() => {
    if (process.ppid === PARENT) return;
    clearInterval(timer);
    onEnd();
  }, CHECK_MS).unref();
  return () => clearInterval(timer);
}
