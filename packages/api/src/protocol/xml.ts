/** Documents of XML: written from small trees, and read by saxes, which expands no entities but XML's own five. */
import { SaxesParser } from 'saxes';
import { ServiceError } from '../service-error.js';

/** An element: its name, and its text or the elements in it; undefined ones are left out. */
export type XmlElement = readonly [name: string, content: XmlContent];

export type XmlContent = string | number | boolean | readonly (XmlElement | undefined)[];

/** An element of a document that a client sent. */
export interface XmlNode {
  readonly name: string;
  /** As it is, white space included: keys may begin or end with it. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** What every document begins with. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A document. Characters that XML 1.0 cannot hold are written as references, as S3 writes them in keys. */
export function writeXml([name, content]: XmlElement, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `${XML_DECLARATION}<${name}${attribute}>${writeContent(content)}</${name}>`;
}

/**
 * The root element of a document.
 * @throws ServiceError MalformedXML if it is not well-formed, has another root, or nests deeper than S3's documents do
 */
export function readXml(text: string, rootName: string): XmlNode {
  const root: OpenNode = { name: '', text: '', children: [] };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', ({ message }) => {
    throw malformedXml(message);
  });
  parser.on('opentag', ({ name }) => {
    if (open.length > MAX_DEPTH) throw malformedXml(`elements must not nest more than ${MAX_DEPTH} deep`);
    const node: OpenNode = { name: name.replace(/^.*:/, ''), text: '', children: [] };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  const addText = (part: string) => {
    open.at(-1)!.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  const found = root.children[0];
  if (found?.name !== rootName) throw malformedXml(`its root must be ${rootName}; received ${found?.name}`);
  return found;
}

/** Text of the child with this name, if there is one. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

/** @param detail what is wrong */
export function malformedXml(detail: string): ServiceError {
  const message = `The XML you provided was not well-formed or did not validate against our published schema: ${detail}`;
  return new ServiceError('MalformedXML', message);
}

// --- internal ---

interface OpenNode extends XmlNode {
  text: string;
  children: XmlNode[];
}

/** S3's deepest document, of the lifecycle rules, has six levels. */
const MAX_DEPTH = 12;

function writeContent(content: XmlContent): string {
  if (!Array.isArray(content)) return escapeText(String(content));
  return content.map((child) => child && `<${child[0]}>${writeContent(child[1])}</${child[0]}>`).join('');
}

function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that need a reference
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, (character) => {
    const name = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[character];
    return name === undefined ? `&#x${character.charCodeAt(0).toString(16)};` : `&${name};`;
  });
}
