/** Names in the cells of a notebook, found by the forms that our cells have; no parser of Python. */
import { hasTag, type Notebook, textOf } from '../../src/notebooks/notebook.js';

/** What costs or changes something that has to be undone; a bucket has no price. */
const MAKES = /\.create_(?!bucket)\w+\(|"algo", "new"/;
const WORDS = new Set(
  'and as break continue def except for from if import in is lambda not or pass raise return try while with True False None print range str len sorted list open'.split(
    ' ',
  ),
);

/**
 * Names that the clean-up needs, and that are not there yet when the first cell makes something. A run that ends between the two
 * would end its clean-up with a NameError.
 */
export function missingInCleanUp({ cells }: Notebook): readonly string[] {
  const codeCells = cells.filter(({ cell_type }) => cell_type === 'code');
  const first = codeCells.findIndex(({ source }) => MAKES.test(textOf(source)));
  const cleaning = codeCells.filter((cell) => hasTag(cell, 'clean-up')).map(({ source }) => textOf(source));
  const before = codeCells.slice(0, first).map(({ source }) => textOf(source));
  const known = new Set([...before, ...cleaning].flatMap(namesDefined));
  return [...new Set(cleaning.flatMap(namesUsed))].filter((name) => !known.has(name));
}

// --- internal ---

function namesUsed(source: string): readonly string[] {
  return [...bare(source).matchAll(/(?<![.\w])[A-Za-z_]\w*(?![\w]|\s*=(?!=))/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}

function namesDefined(source: string): readonly string[] {
  const forms = [
    /^\s*(?:from \S+ )?import (.+)$/gm,
    /\bdef (\w+\(.*)\):/g,
    /\bfor (.+?) in\b/g,
    /\bas (\w+)/g,
    /^([\w, ]+?) = /gm,
    /\((\w+) :=/g,
  ];
  const text = bare(source);
  return forms.flatMap((form) =>
    [...text.matchAll(form)].flatMap((match) => match[1]!.replaceAll(/\S+ as /g, '').match(/[A-Za-z_]\w*/g) ?? []),
  );
}

/** Without comments and texts, but with what is between the braces of an f-string. */
function bare(source: string): string {
  return source
    .replaceAll(/(?<!\w)([rbf]*)("""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*")/g, (_, prefix: string, text: string) =>
      prefix.includes('f') ? ` ${[...text.matchAll(/\{([^{}!:]+)/g)].map((match) => match[1]).join(' ')} ` : ' ',
    )
    .replaceAll(/#.*$/gm, '');
}
