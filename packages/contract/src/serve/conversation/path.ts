/** Where the platform opens the WebSocket of a bidirectional stream (AWS guide, bidirectional streaming). */
export const CONVERSATION_PATH = '/invocations-bidirectional-stream';
/** In the log. */
export const CONVERSATION_PLACE = `GET ${CONVERSATION_PATH}`;
