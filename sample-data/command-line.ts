/** What `npm run samples` is asked for. */
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run samples [-- [--check] NAME…]

Makes the sample data of algorithms again, of all of them without a name, and writes what differs.

  --check     write nothing, say what differs, and exit with 1 if something does
  -h, --help  show this
`;

export type Asked =
  | { readonly kind: 'samples'; readonly names: readonly string[]; readonly isCheck: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly text: string };

/** @param known names of the samples that a script makes */
export function readCommandLine(args: readonly string[], known: readonly string[]): Asked {
  try {
    const options = { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return { kind: 'help' };
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown === undefined) {
      return { kind: 'samples', names: positionals.length > 0 ? positionals : known, isCheck: values.check === true };
    }
    return {
      kind: 'mistake',
      text: `A name must be one of ${known.join(', ')}, the folders with a prepare.ts; received "${unknown}".`,
    };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'mistake', text: `${error.message}.`.replace(/\.\.$/, '.') };
    throw error;
  }
}
