/**
 * What a bundle's main.js is: small enough that every version of Node can parse it. It runs before ./program.js or
 * ./training.js, which runs ./program.js in a thread. A Node that is too old is refused in one line instead of a
 * SyntaxError, and a signal that arrives while the program loads is kept: for process 1 the kernel drops signals that
 * have no handler. build-bundle puts the number of the version in.
 */
const NODE_MAJOR = 0;

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
  console.error(
    `This program needs Node ${NODE_MAJOR} or newer; received ${process.versions.node}. ` +
      `Start it with "npx node" inside its project, where npm installs Node ${NODE_MAJOR}, or install that version.`,
  );
  process.exitCode = 1;
} else {
  // Only these two commands handle signals: for any other one the default, that they end the process, is right.
  if (process.argv[2] === 'train' || process.argv[2] === 'serve') {
    keepUntilHandled('SIGTERM');
    keepUntilHandled('SIGINT');
  }
  import(process.argv[2] === 'train' && process.argv.length === 3 ? './training.js' : './program.js');
}

/** The first listener that the program adds gets the signal, should it have come before. */
function keepUntilHandled(signal) {
  let hasCome = false;
  const keep = () => {
    hasCome = true;
  };
  const handOver = (event) => {
    if (event !== signal) return;
    process.removeListener('newListener', handOver);
    // The new listener is not among the listeners yet.
    process.nextTick(() => {
      process.removeListener(signal, keep);
      if (hasCome) process.emit(signal, signal);
    });
  };
  process.on(signal, keep);
  process.on('newListener', handOver);
}
