/**
 * A server of node:http alone, which answers every request with a fixed body and reads none: what Node itself costs.
 * `bare-http.cjs PORT PROCESSES`, the body in BODY; with more than one process they share the port by node:cluster.
 */
const { createServer } = require('node:http');

const [port, processes] = process.argv.slice(2).map(Number);
const body = Buffer.from(process.env.BODY ?? '');
const headers = { 'Content-Type': 'text/csv', 'Content-Length': body.length };

function listen() {
  createServer((_, response) => response.writeHead(200, headers).end(body)).listen(port, '127.0.0.1');
}

if (processes === 1) {
  listen();
} else {
  const cluster = require('node:cluster');
  if (cluster.isPrimary) for (let i = 0; i < processes; i++) cluster.fork();
  else listen();
}
process.on('SIGTERM', () => process.exit());
