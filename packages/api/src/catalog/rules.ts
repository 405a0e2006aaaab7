/** Rules of the documents that changes bring, as values: each looks at a member and says what is wrong with it. */

export interface Problem {
  /** e.g. `Highlights/0`. */
  readonly field: string;
  readonly message: string;
}

/** Problems of a value at a place. */
export type Rule = (value: unknown, field: string) => readonly Problem[];

export interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** The pattern, in words. */
  readonly form?: string;
}

/** Line feeds and tabs are allowed, other control characters are not; it does not begin with white space. */
export function text({ min = 1, max = 20_000, pattern, form }: TextLimits = {}): Rule {
  return (value, field) => {
    if (typeof value !== 'string') return [{ field, message: `must be a text; received ${shown(value)}` }];
    const length = [...value].length;
    if (length < min || length > max) {
      return [{ field, message: `must have ${min} to ${max} characters; received ${length}` }];
    }
    if (pattern && !pattern.test(value)) return [{ field, message: `must be ${form}; received ${shown(value)}` }];
    if (CONTROL.test(value)) return [{ field, message: 'must have no control characters but line feed and tab' }];
    return /^\s/.test(value) ? [{ field, message: 'must not begin with white space' }] : [];
  };
}

export const flag: Rule = (value, field) =>
  typeof value === 'boolean' ? [] : [{ field, message: `must be true or false; received ${shown(value)}` }];

export function oneOf(values: readonly string[]): Rule {
  return (value, field) =>
    values.includes(value as string)
      ? []
      : [{ field, message: `must be one of ${values.join(', ')}; received ${shown(value)}` }];
}

export function list(item: Rule, min: number, max: number): Rule {
  return (value, field) => {
    if (!Array.isArray(value)) return [{ field, message: `must be a list; received ${shown(value)}` }];
    if (value.length < min || value.length > max) {
      return [{ field, message: `must have ${min} to ${max} items; received ${value.length}` }];
    }
    return value.flatMap((entry, i) => item(entry, `${field}/${i}`));
  };
}

/** @param required names that must be there; others of `members` may be, and no others at all */
export function object(members: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule {
  return (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [{ field, message: `must be an object; received ${shown(value)}` }];
    }
    const place = (name: string) => (field === '' ? name : `${field}/${name}`);
    const missing = required
      .filter((name) => !Object.hasOwn(value, name))
      .map((name) => ({ field: place(name), message: 'is required' }));
    const found = Object.entries(value).flatMap(([name, item]) => {
      const rule = Object.hasOwn(members, name) ? members[name] : undefined;
      const known = Object.keys(members).join(', ');
      if (!rule) return [{ field: place(name).slice(0, 255), message: `is unknown; there are: ${known || 'none'}` }];
      return rule(item, place(name));
    });
    return [...missing, ...found];
  };
}

export function all(...rules: readonly Rule[]): Rule {
  return (value, field) => rules.flatMap((rule) => rule(value, field));
}

// --- internal ---

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
const CONTROL = /[\x00-\x08\x0b-\x1f]/;

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}
