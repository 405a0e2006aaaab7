/** The ranges that a tuning job searches, to change, add to and take from. */
import { type KnownHyperparameter, renamed } from '../state/algorithm-draft.js';
import { NEW_RANGE, RANGE_TYPES, type RangeDraft, type RangeType } from '../state/tuning-draft.js';
import { Icon } from './icon.js';

interface RangesProps {
  readonly ranges: readonly RangeDraft[];
  /** Those of the algorithm that can be tuned. */
  readonly known: readonly KnownHyperparameter[];
  readonly onChange: (ranges: readonly RangeDraft[]) => void;
}

const SCALES = ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic'];

export function RangesField({ ranges, known, onChange }: RangesProps) {
  const set = (index: number, change: Partial<RangeDraft>) =>
    onChange(ranges.map((old, i) => (i === index ? { ...old, ...change } : old)));
  return (
    <fieldset>
      <legend>Ranges to search</legend>
      <datalist id="tunable">
        {known.map(({ name, about }) => (
          <option key={name} value={name}>
            {about}
          </option>
        ))}
      </datalist>
      {ranges.map((range, i) => {
        const found = known.find(({ name }) => name === range.name);
        return (
          // a range has no other identity while its name is typed
          <div class={`pair range ${range.type === 'Categorical' ? 'categorical' : ''}`} key={i}>
            <RangeFields
              range={range}
              title={range.name || `range ${i + 1}`}
              index={i}
              onChange={(change) => set(i, change)}
              onRename={(name) => set(i, renamed(range, name, known))}
            />
            <button
              type="button"
              class="bare"
              aria-label={`Remove ${range.name || `range ${i + 1}`}`}
              onClick={() => onChange(ranges.filter((_, at) => at !== i))}
            >
              <Icon name="close" />
            </button>
            {found && (
              <p class="quiet-text about">
                {found.about}
                {found.valid !== '' && ` Valid: ${found.valid}.`}
              </p>
            )}
          </div>
        );
      })}
      <button type="button" class="small" onClick={() => onChange([...ranges, NEW_RANGE])}>
        <Icon name="plus" /> Range
      </button>
    </fieldset>
  );
}

// --- internal ---

interface RangeProps {
  readonly range: RangeDraft;
  readonly title: string;
  readonly index: number;
  readonly onChange: (change: Partial<RangeDraft>) => void;
  readonly onRename: (name: string) => void;
}

function RangeFields({ range, title, index, onChange, onRename }: RangeProps) {
  const input = (member: 'name' | 'min' | 'max' | 'values', label: string, placeholder: string) => (
    <input
      aria-label={label}
      placeholder={placeholder}
      value={range[member]}
      autocomplete="off"
      spellcheck={false}
      list={member === 'name' ? 'tunable' : undefined}
      required={member !== 'name' && range.name !== ''}
      onInput={({ currentTarget: { value } }) => (member === 'name' ? onRename(value) : onChange({ [member]: value }))}
    />
  );
  return (
    <>
      {input('name', `Range ${index + 1}: name`, 'hyperparameter')}
      <select
        aria-label={`Type of ${title}`}
        value={range.type}
        onChange={({ currentTarget }) => onChange({ type: currentTarget.value as RangeType })}
      >
        {RANGE_TYPES.map((type) => (
          <option key={type}>{type}</option>
        ))}
      </select>
      {range.type === 'Categorical' ? (
        input('values', `Values of ${title}`, 'a, b, c')
      ) : (
        <>
          {input('min', `Minimum of ${title}`, 'minimum')}
          {input('max', `Maximum of ${title}`, 'maximum')}
          <select
            aria-label={`Scale of ${title}`}
            value={range.scale}
            onChange={({ currentTarget }) => onChange({ scale: currentTarget.value })}
          >
            {SCALES.map((scale) => (
              <option key={scale}>{scale}</option>
            ))}
          </select>
        </>
      )}
    </>
  );
}
