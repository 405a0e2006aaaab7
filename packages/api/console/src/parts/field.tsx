/** A text field with its label. */

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly list?: string;
  readonly isRequired?: boolean;
}

export function Field({ label, value, onChange, placeholder, list, isRequired = true }: FieldProps) {
  return (
    <label>
      {label}
      <input
        value={value}
        required={isRequired}
        placeholder={placeholder}
        list={list}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
