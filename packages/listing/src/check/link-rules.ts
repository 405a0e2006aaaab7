/** Rules of links and of files that are uploaded with the listing. */
import { type ImageFacts, readImageFacts } from './image-facts.js';
import { productRule, type Rule, SOURCES } from './rule.js';

/** After the host; AWS's shapes allow nothing else. */
const URL_CHARACTERS = /^https:\/\/[-a-zA-Z0-9@._]{1,256}\.[a-zA-Z0-9()]{2,63}(?:\/[-a-zA-Z0-9@_+./]*)?$/;
const LOGO_PIXELS = { min: 120, max: 640 };
const LOGO_BYTES = 5_000_000;

const LINKS = {
  notebook: 'the sample notebook',
  repository: "the listing's public repository",
  samples: 'the sample data in it',
} as const;

export const LINK_RULES: readonly Rule[] = [
  productRule('sample notebook, repository and sample data have a public address', SOURCES.requirements, ({ links }) =>
    Object.entries(LINKS)
      .filter(([name]) => links[name as keyof typeof LINKS] === undefined)
      .map(([name, what]) => [['links', name], `must be the address of ${what}; it is missing`] as const),
  ),
  productRule('addresses have only letters, digits and -@_+./ after the host', SOURCES.shapes, ({ links }) => {
    const { resources, ...named } = links;
    const urls = [
      ...Object.entries(named).map(([name, url]) => [['links', name], url] as const),
      ...resources.map(({ url }, i) => [['links', 'resources', i, 'url'], url] as const),
    ];
    return urls
      .filter(([, url]) => url !== undefined && !URL_CHARACTERS.test(url))
      .map(
        ([path, url]) => [path, `must have only letters, digits and -@_+./ after the host; received "${url}"`] as const,
      );
  }),
  productRule(
    'the logo is a PNG, JPEG or GIF of 120 to 640 pixels, 1:1 or 2:1, below 5 MB',
    SOURCES.products,
    ({ logo }, { readBeside }) => {
      const problem = logoProblem(readBeside(logo));
      return problem === undefined ? [] : [[['logo'], `must be ${problem} (${logo})`] as const];
    },
  ),
  productRule(
    "a licence agreement of one's own is there, as plain text",
    SOURCES.requirements,
    ({ eula }, { readBeside }) => {
      if (eula === 'standard') return [];
      const bytes = readBeside(eula);
      if (!bytes)
        return [[['eula'], `must be "standard" or a file next to product.yaml; there is no ${eula}`] as const];
      const isText = bytes.length > 0 && !bytes.includes(0);
      return isText
        ? []
        : [[['eula'], `must be plain text; ${eula} is ${bytes.length === 0 ? 'empty' : 'not'}`] as const];
    },
  ),
];

// --- internal ---

function logoProblem(bytes: Buffer | undefined): string | undefined {
  if (!bytes) return 'a file next to product.yaml; there is none';
  const facts = readImageFacts(bytes);
  if (!facts) return 'a PNG, JPEG or GIF; it is none';
  if (bytes.length >= LOGO_BYTES) return `below 5 MB; it has ${bytes.length} bytes`;
  return shapeProblem(facts);
}

function shapeProblem({ width, height }: ImageFacts): string | undefined {
  const size = `${width} × ${height}`;
  const { min, max } = LOGO_PIXELS;
  if (Math.min(width, height) < min || Math.max(width, height) > max) {
    return `${min} to ${max} pixels wide and high; it is ${size}`;
  }
  return width === height || width === 2 * height ? undefined : `as wide as high, or twice as wide; it is ${size}`;
}
