/** The version that buyers have from now on, in `listing/published.json`: later versions are compared with it. */
import { recordRelease } from '../../release.js';
import type { PublishContext } from '../context.js';
import type { Look, Step } from '../step.js';

export function recordStep({ material, request, source }: PublishContext): Step {
  const { definition } = material;
  const { publishedFile } = material.history;
  return {
    name: 'published version',
    makes: [`file ${publishedFile}, to be committed`],
    hours: [0, 0.1],
    async isDone(): Promise<Look> {
      const found = material.history.published?.definition.Version;
      const text = found === undefined ? 'no version is recorded' : `version ${found} is recorded`;
      return { isDone: found === definition.Version, text };
    },
    async do() {
      const { folder, sampleData, from } = request;
      const file = await recordRelease({ folder, sampleData, from, definition: source.definition });
      return `wrote ${file}: commit it`;
    },
  };
}
