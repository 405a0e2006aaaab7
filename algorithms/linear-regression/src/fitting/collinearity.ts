/**
 * The sentence for features that carry the same information twice: which feature is a combination of which others.
 */
import { ClientError } from '@algo/contract';
import type { Dependence } from './normal-equations.js';
import { termName } from './terms.js';

/** More parts than this do not help anyone to find the cause. */
const NAMED_PARTS = 6;
const NAMED_COLUMNS = 3;
/** A factor this close to a fraction with a small denominator is that fraction, written down with rounding. */
const SAME = 1e-9;
const LARGEST_DENOMINATOR = 12;

export function singularError({ dependent }: Dependence): ClientError {
  const facts = dependent.slice(0, NAMED_COLUMNS).map(describe);
  const more = dependent.length - facts.length;
  const others = more > 0 ? `; ${more} more feature${more > 1 ? 's depend' : ' depends'} on others` : '';
  return new ClientError(
    'E_DATA_SINGULAR',
    `Training data: no feature may be a linear combination of others; received ${facts.join('; ')}${others}. ` +
      'Remove the redundant features, or use method ridge with l2 > 0.',
  );
}

// --- internal ---

function describe({ term, parts }: Dependence['dependent'][number]): string {
  const name = termName(term);
  if (parts.length === 0) return `${name} = 0 in every row`;
  if (parts.length === 1 && parts[0]!.term.feature === 0) return `${name} constant (${short(parts[0]!.factor)})`;
  if (parts.length > NAMED_PARTS) {
    const named = parts.slice(0, NAMED_PARTS).map((part) => termName(part.term));
    return `${name} a combination of ${named.join(', ')} and ${parts.length - NAMED_PARTS} more`;
  }
  const text = parts
    .toSorted((a, b) => Number(a.term.feature === 0) - Number(b.term.feature === 0))
    .map(({ term: other, factor }, i) => {
      const size = short(Math.abs(factor));
      const sign = factor < 0 ? '- ' : i > 0 ? '+ ' : '';
      if (other.feature === 0) return sign + size;
      return size === '1' ? sign + termName(other) : `${sign}${size} × ${termName(other)}`;
    })
    .join(' ');
  return `${name} = ${text}`;
}

/** A simple fraction where the factor is one, else six digits. */
function short(factor: number): string {
  for (let denominator = 1; denominator <= LARGEST_DENOMINATOR; denominator++) {
    const numerator = Math.round(factor * denominator);
    if (numerator !== 0 && Math.abs(factor * denominator - numerator) <= SAME * Math.abs(numerator)) {
      return denominator === 1 ? String(numerator) : `${numerator}/${denominator}`;
    }
  }
  return String(Number(factor.toPrecision(6)));
}
