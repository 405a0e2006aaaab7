/** A choice of a few values with its label. */

export interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Values, or values with what they are called; one that is not among them, of a request as JSON, is offered too. */
  readonly options: readonly (string | readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
}

export function Choice({ label, value, options, onChange }: ChoiceProps) {
  const all = options.map((one) => (typeof one === 'string' ? ([one, one] as const) : one));
  const shown = all.some(([one]) => one === value) ? all : [...all, [value, value] as const];
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {shown.map(([one, title]) => (
          <option key={one} value={one}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
