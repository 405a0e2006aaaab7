/** Variables for the shells of users: a line that a shell runs and that gives its programs the variable, whatever the value has. */

export const SHELLS = ['bash', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export function assignment(shell: Shell, name: string, value: string): string {
  return WRITE[shell](name, value);
}

// --- internal ---

const WRITE: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  bash: (name, value) => `export ${name}=${quoted(value, /'/g, "'\\''")}`,
  fish: (name, value) => `set -gx ${name} ${quoted(value, /['\\]/g, '\\$&')}`,
  // PowerShell takes the typographic quotes for single quotes too: about_Quoting_Rules, and CharExtensions.IsSingleQuote.
  powershell: (name, value) => `$Env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
};

/** In single quotes where a shell would read more than letters in it. @param replacement of what ends the quotes */
function quoted(value: string, special: RegExp, replacement: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replace(special, replacement)}'`;
}
