/** Rules of versions: buyers rely on what they have, and read what is new. */
import { notesOf } from '../material.js';
import { CHARACTERS } from '../product/limits.js';
import { reportVersion } from '../versions/history.js';
import { type Rule, SOURCES } from './rule.js';

export const VERSION_RULES: readonly Rule[] = [
  {
    title: 'the version is raised as its changes for buyers need it: algo listing changes lists them',
    source: SOURCES.semver,
    find({ definition, history, productFile: { product } }) {
      const { published, publishedProblem, publishedFile, pending } = history;
      if (publishedProblem !== undefined) {
        return [{ place: publishedFile, text: publishedProblem.slice(publishedFile.length + 1).replace(/\.$/, '') }];
      }
      if (!published || !product) return [];
      const { problem } = reportVersion(published, { definition, product, pending });
      return problem === undefined
        ? []
        : [{ place: `the definition of ${definition.Name}`, text: `version ${problem}` }];
    },
  },
  {
    title: `the version has release notes of its own, of ${CHARACTERS.releaseNotes} characters or fewer`,
    source: SOURCES.versions,
    find(material) {
      const { definition, history, productFile } = material;
      const { product, file, lineOf } = productFile;
      if (!product) return [];
      const notes = notesOf(material);
      const place = product.releaseNotes === undefined ? history.changelogFile : `${file}:${lineOf(['releaseNotes'])}`;
      if (notes === undefined) {
        const text = `must have a part "## ${definition.Version}", which npm run version writes; or product.yaml has releaseNotes`;
        return [{ place, text }];
      }
      if (notes.length > CHARACTERS.releaseNotes) {
        const text = `must give release notes of ${CHARACTERS.releaseNotes} characters or fewer; they have ${notes.length}`;
        return [{ place, text }];
      }
      const { published } = history;
      // Only those of product.yaml are kept by a mistake: the changelog has a part for each version, and two may be alike.
      const isOld =
        product.releaseNotes !== undefined &&
        published?.definition.Version !== definition.Version &&
        notes === published?.releaseNotes;
      return isOld
        ? [
            {
              place,
              text: `releaseNotes must be of ${definition.Version}; they are those of ${published.definition.Version}`,
            },
          ]
        : [];
    },
  },
];
