/**
 * Habits of writing that make English hard to read, with what to write instead. Each has a pattern and the contexts in
 * which its words are the right ones, with the reason. plain-english.ts counts them.
 */

export interface Habit {
  readonly name: string;
  /** What to write instead. */
  readonly instead: string;
  /** Finds every use; global. */
  readonly pattern: RegExp;
  /** Uses that do not count. */
  readonly allowed?: readonly { readonly pattern: RegExp; readonly reason: string }[];
}

/** Nouns that may follow "per": "one entry a row" should be "one entry per row". */
const UNITS = `row column request round record process worker value file job CPU core second minute folder channel thread
  line feature class tree node leaf bin block batch package algorithm step epoch label member model instance machine word
  byte call idea image field shard fold layer unit weight sample kernel helper key metric message page run host connection
  cell prediction point split vector group lane entry level document`;

/** Nouns before "a" or "an" that make it mean "per". */
const COUNTED = `one two three four eight entry entries numbers? columns? margins? bytes? [kM]i?B ms bits? bins? predictions?
  records? rows? labels? objects? lines? instances? trees models? vectors? decimals? files? folders? process(?:es)? rounds?
  thresholds? terms? values? scores? points? steps? shards? features? once twice times splits? fifos? arrays? threads?
  layers? requests nodes? words? moments calls? chunks? members? weights digits? ideas? many slots? package sums? epochs?
  images? blocks? batch(?:es)? jobs? groups? channels? pages? keys lists? passes workers? pairs`;

const anyOf = (words: string) => `(?:${words.trim().split(/\s+/).join('|')})`;

export const HABITS: readonly Habit[] = [
  {
    name: 'stand',
    instead: 'is, are',
    pattern: /\b(?:stands?|standing|stood)\b/gi,
    allowed: [
      { pattern: /\bstand-ins?\b/i, reason: 'a substitute' },
      { pattern: /\bstands? (?:in )?for\b/i, reason: 'represents, replaces' },
    ],
  },
  {
    name: 'tell',
    instead: 'say, show, name, distinguish, report',
    pattern: /\b(?:tells?|told|telling)\b/gi,
  },
  {
    name: 'a for per',
    instead: 'per, for each',
    pattern: new RegExp(
      `(?<![-/\\w])${anyOf(COUNTED)} an? ${anyOf(UNITS)}\\b(?! (?:of|that|is|has|at|in|uses|may|can|holds|costs|gets|needs|takes|whose)\\b|-)`,
      'gi',
    ),
  },
  {
    name: 'go on',
    instead: 'continue, resume',
    pattern: /\b(?:go|goes|going|gone|went) on\b/gi,
  },
  {
    name: 'most, least',
    instead: 'maximum, minimum, largest, smallest',
    pattern: /(?<!\bat |@param |[`"[(])\b(?:most|least)\b(?![`"\]),:])/gi,
    allowed: [
      { pattern: /\bleast[- ](?:angle|squares|median of squares)\b/i, reason: 'the name of a method' },
      { pattern: /\b(?:in|on|of|for|than|as|but|to) most\b|\bmost of\b/i, reason: 'the greater part of' },
      {
        pattern:
          /\bmost (?:common|exact|frequent|important|likely|often|probable|recent|significant|specific)(?:ly)?\b/i,
        reason: 'an ordinary superlative',
      },
    ],
  },
  { name: 'so many', instead: 'this many, n, that number of', pattern: /\bso many\b/gi },
  { name: 'beside', instead: 'next to, with, besides, compared with', pattern: /\bbeside\b/gi },
  { name: 'at once', instead: 'immediately, at the same time, in one call', pattern: /\bat once\b/gi },
  { name: 'what of', instead: 'the part of … that', pattern: /\bwhat of\b/gi },
  { name: 'anew', instead: 'again', pattern: /\banew\b/gi },
];
