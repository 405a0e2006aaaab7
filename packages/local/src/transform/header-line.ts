/**
 * The header line of a file of CSV, which an algorithm learns of by a parameter of the content type, as RFC 4180 has it:
 * `header=present`, or `auto` where the algorithm looks for itself. Only the first request of a file has it, and no answer.
 */

/** A request of a file. */
export interface PlacedRequest {
  /** Its content type. */
  readonly sent: string | undefined;
  /** Whether it begins its file. */
  readonly isFirst: boolean;
}

/** Whether a request may have one record more than its answer: the header line. */
export function mayHaveHeader({ sent, isFirst }: PlacedRequest): boolean {
  return isFirst && headerOf(sent) !== undefined;
}

/** What to say when an answer has fewer records than its request; begins with a space where there is something. */
export function headerHint({ sent, isFirst }: PlacedRequest): string {
  return headerOf(sent) === 'present' && !isFirst
    ? ' With header=present the first line of each request is a header line, which only the first request of a file has: use header=auto, or SplitType None (--split-type None).'
    : '';
}

// --- internal ---

const HEADER = /;\s*header\s*=\s*"?(present|auto)\b/i;

function headerOf(contentType: string | undefined): string | undefined {
  return HEADER.exec(contentType ?? '')?.[1]?.toLowerCase();
}
