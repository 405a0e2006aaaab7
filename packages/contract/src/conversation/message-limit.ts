/** How large messages may be. */

/** Of a caller, where the definition says nothing else. */
export const DEFAULT_MESSAGE_BYTES = 1024 * 1024;
/** As the largest request of an endpoint. */
export const MAX_MESSAGE_BYTES = 25 * 1024 * 1024;
