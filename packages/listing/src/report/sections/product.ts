/** What the product does: the seller's words, and what the definition says of requests and answers. */
import type { AlgorithmDescription } from '@algo/local';
import type { Material } from '../../material.js';
import { type Content, html } from '../page/html.js';
import { renderMarkdown } from '../page/markdown.js';
import type { Section } from '../page/section.js';
import { dataTable, factList } from '../page/table.js';

export function productSection(definition: AlgorithmDescription, material: Material): Section {
  return {
    id: 'product',
    title: 'The product',
    body: html`${
      material.description
        ? renderMarkdown(withoutTitle(material.description.text))
        : html`<p>${definition.Description}</p>`
    }
<h3>Requests and answers</h3>
${interfaceOf(definition)}`,
  };
}

// --- internal ---

/** The page has its own. */
function withoutTitle(text: string): string {
  return text.replace(/^\s*# .*\n/, '');
}

function interfaceOf({ InferenceSpecification, TrainingSpecification, Capabilities }: AlgorithmDescription): Content {
  const { SupportedContentTypes, SupportedResponseMIMETypes } = InferenceSpecification;
  const channels = TrainingSpecification?.TrainingChannels ?? [];
  const types = (names: readonly string[]) => names.map((name, i) => html`${i > 0 && ', '}<code>${name}</code>`);
  return html`${factList([
    ['Requests', types(SupportedContentTypes)],
    ['Answers', types(SupportedResponseMIMETypes)],
    ...channels.map(({ Name, Description, IsRequired, SupportedContentTypes: own }) => {
      const what = html`${Description}${Description && html`<br>`}${types(own)}`;
      return [`Channel ${Name}${IsRequired ? '' : ' (optional)'}`, what] as const;
    }),
  ])}${
    Capabilities.Outputs.length > 0 &&
    dataTable({
      caption: 'Outputs of a prediction',
      columns: [{ name: 'output' }, { name: 'what it is' }],
      rows: Capabilities.Outputs.map(({ Name, Description }) => [html`<code>${Name}</code>`, Description]),
    })
  }`;
}
