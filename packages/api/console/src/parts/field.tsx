/** A text field with its label. */
import { useLayoutEffect, useRef } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly list?: string;
  readonly isRequired?: boolean;
  /** Why a form must not be sent with this value, which the browser says next to the field. */
  readonly problem?: string | undefined;
}

export function Field({ label, value, onChange, placeholder, list, isRequired = true, problem = '' }: FieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current!.setCustomValidity(problem), [problem]);
  return (
    <label>
      {label}
      <input
        ref={input}
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
