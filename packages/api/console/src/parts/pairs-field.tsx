/** Names with values, to change, add to and take from. */
import { useId } from 'preact/hooks';
import type { KnownHyperparameter } from '../state/algorithm-draft.js';
import { Icon } from './icon.js';

export type Pair = readonly [name: string, value: string];

interface PairsProps {
  readonly title: string;
  /** Of one of them, such as `Hyperparameter`. */
  readonly one: string;
  readonly pairs: readonly Pair[];
  /** Names to choose from. */
  readonly known: readonly KnownHyperparameter[];
  /** Those that must have a value. */
  readonly required?: readonly string[];
  /** In an empty field of a value. */
  readonly valueHint?: string;
  readonly onChange: (pairs: readonly Pair[]) => void;
}

export function PairsField({ title, one, pairs, known, required = [], valueHint = 'value', onChange }: PairsProps) {
  const list = useId();
  const set = (index: number, pair: Pair) => onChange(pairs.map((old, i) => (i === index ? pair : old)));
  return (
    <fieldset>
      <legend>{title}</legend>
      <datalist id={list}>
        {known.map(({ name, about }) => (
          <option key={name} value={name}>
            {about}
          </option>
        ))}
      </datalist>
      {pairs.map(([name, value], i) => {
        const found = known.find((hyperparameter) => hyperparameter.name === name);
        return (
          // a pair has no other identity while its name is typed
          <div class="pair" key={i}>
            <input
              aria-label={`${one} ${i + 1}: name`}
              placeholder="name"
              value={name}
              list={list}
              onInput={({ currentTarget }) => set(i, [currentTarget.value, value])}
            />
            <input
              aria-label={`Value of ${name || `${one.toLowerCase()} ${i + 1}`}`}
              placeholder={found?.hint || valueHint}
              value={value}
              required={required.includes(name)}
              onInput={({ currentTarget }) => set(i, [name, currentTarget.value])}
            />
            <button
              type="button"
              class="bare"
              aria-label={`Remove ${name || `${one.toLowerCase()} ${i + 1}`}`}
              onClick={() => onChange(pairs.filter((_, at) => at !== i))}
            >
              <Icon name="close" />
            </button>
            {found && <p class="quiet-text about">{found.about}</p>}
          </div>
        );
      })}
      <button type="button" class="small" onClick={() => onChange([...pairs, ['', '']])}>
        <Icon name="plus" /> {one}
      </button>
    </fieldset>
  );
}
