/**
 * Habits of writing that make plain English hard to read, with what to write instead. Each has a pattern, the contexts in
 * which the words are the right ones (`allowed`, with the reason), and the same limit: see plain-english.js.
 */

/** Things that something is counted by: "one entry a row" should be "one entry per row". */
const UNITS =
  'row|column|request|round|record|process|worker|value|file|job|CPU|core|second|minute|folder|channel|thread|line|feature|' +
  'class|tree|node|leaf|bin|block|batch|package|algorithm|step|epoch|label|member|model|instance|machine|word|byte|call|' +
  'idea|image|field|shard|fold|layer|unit|weight|sample|kernel|helper|key|metric|message|page|run|host|connection|cell|' +
  'prediction|point|split|vector|group|lane|entry|level';
const COUNTED =
  'one|two|three|four|eight|entry|entries|numbers?|columns?|margins?|bytes?|[kM]i?B|ms|bits?|bins?|predictions?|records?|' +
  'rows?|labels?|objects?|lines?|instances?|trees|models?|vectors?|decimals?|files?|folders?|process(?:es)?|rounds?|' +
  'thresholds?|terms?|values?|shares?|scores?|points?|steps?|shards?|features?|once|twice|times|splits?|fifos?|arrays?|' +
  'threads?|layers?|requests|nodes?|words?|moments|calls?|chunks?|members?|weights|digits?|ideas?|many|as much|slots?|' +
  'package|sums?|epochs?|images?|blocks?|batch(?:es)?|jobs?|groups?|channels?|pages?|keys|lists?|passes|workers?';

export const HABITS = [
  {
    name: 'stand',
    instead: 'is, are',
    pattern: /\b(?:stands?|standing|stood)\b/gi,
    allowed: [{ pattern: /\bstand-ins?\b|\bstands? in for\b/i, reason: 'a substitute' }],
  },
  { name: 'tell', instead: 'say, show, name, distinguish, report', pattern: /\b(?:tells?|told|telling)\b/gi },
  {
    name: 'a for per',
    instead: 'per, or for each',
    pattern: new RegExp(`(?<![-/\\w])(?:${COUNTED}) an? (?:${UNITS})\\b(?! (?:of|that|is|has)\\b|-)`, 'gi'),
  },
  {
    name: 'go on',
    instead: 'continue, resume',
    pattern: /\b(?:go|goes|going|gone|went) on\b/gi,
  },
  {
    name: 'most, least',
    instead: 'maximum, minimum, largest, smallest',
    pattern: /(?<!\bat )(?<!\bat_)\b(?:most|least)\b/gi,
    allowed: [
      { pattern: /\bleast[- ](?:angle|median of squares|squares)\b/i, reason: 'the name of a method' },
      { pattern: /\b(?:in|on|of|for) most\b|\bmost of\b/i, reason: 'the greater part of' },
      {
        pattern:
          /\bmost (?:common|exact|frequent|important|likely|often|probable|recent|significant|specific)(?:ly)?\b/i,
        reason: 'an ordinary superlative',
      },
      { pattern: /\bleast (?:frequent|important|likely|recent|significant|specific)(?:ly)?\b/i, reason: 'the same' },
    ],
  },
  { name: 'so many', instead: 'this many, n, that number of', pattern: /\bso many\b/gi },
  { name: 'beside', instead: 'next to, with, besides, compared with', pattern: /\bbeside\b/gi },
  {
    name: 'at once',
    instead: 'immediately, at the same time, in one call',
    pattern: /\bat once\b/gi,
  },
  { name: 'what of', instead: 'the part of … that', pattern: /\bwhat of\b/gi },
  { name: 'anew', instead: 'again', pattern: /\banew\b/gi },
];
