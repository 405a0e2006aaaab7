/** Writes an answer that is complete. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pieces } from './pieces.js';

/** The last piece ends the answer with it, in one write. */
export function endWith(response: ServerResponse, pieces: Pieces): void {
  writePieces(response, pieces.slice(0, -1));
  response.end(pieces.at(-1));
}

/**
 * Writes the answer, then reads the rest of the request away before the connection is closed: closing with unread data
 * makes the kernel send a reset, and the caller would lose the answer.
 */
export function endAfterBody(request: IncomingMessage, response: ServerResponse, body: Pieces, lingerMs: number): void {
  writePieces(response, body);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.once('end', end).once('close', end).resume();
}

// --- internal ---

function writePieces(response: ServerResponse, pieces: Pieces): void {
  for (const piece of pieces) if (piece.length > 0) response.write(piece);
}
