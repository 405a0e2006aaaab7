/** Lines for the shells of users: one gives a shell's programs a variable, whatever its value has, another takes it away. */

export const SHELLS = ['bash', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export function assignment(shell: Shell, name: string, value: string): string {
  return WRITE[shell](name, value);
}

/** A variable that is not there is no error. */
export function removal(shell: Shell, name: string): string {
  return REMOVE[shell](name);
}

/** These shells have the same comments. zsh takes one in `eval` too, where it takes none at its prompt. */
export function comment(text: string): string {
  return `# ${text}`;
}

// --- internal ---

const WRITE: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  bash: (name, value) => `export ${name}=${quoted(value, /'/g, "'\\''")}`,
  fish: (name, value) => `set -gx ${name} ${quoted(value, /['\\]/g, '\\$&')}`,
  // PowerShell takes the typographic quotes for single quotes too: about_Quoting_Rules, and CharExtensions.IsSingleQuote.
  powershell: (name, value) => `$Env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
};

const REMOVE: Readonly<Record<Shell, (name: string) => string>> = {
  bash: (name) => `unset ${name}`,
  fish: (name) => `set -e ${name}`,
  powershell: (name) => `Remove-Item Env:${name} -ErrorAction Ignore`,
};

/** In single quotes where a shell would read more than letters in it. @param replacement of what ends the quotes */
function quoted(value: string, special: RegExp, replacement: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replace(special, replacement)}'`;
}
