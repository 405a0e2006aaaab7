/** The tags of an object: GetObjectTagging, PutObjectTagging, DeleteObjectTagging. */

import { childText, readXml, type XmlElement, type XmlNode } from '../../protocol/xml.js';
import { document } from '../answer.js';
import { receiveText } from '../body.js';
import { readTags } from '../object-headers.js';
import { type Operation, requireObject } from './context.js';

export const getObjectTagging: Operation = (request, context) => {
  const { tags = {} } = requireObject(request, context).details;
  return document('Tagging', [['TagSet', tagElements(tags)]]);
};

export const putObjectTagging: Operation = async (request, context) => {
  requireObject(request, context);
  const tags = readTags(readTagSet(await receiveText(request)));
  context.store.setDetails(request.bucket, request.key, (details) => ({ ...details, tags }));
  return {};
};

export const deleteObjectTagging: Operation = (request, context) => {
  requireObject(request, context);
  context.store.setDetails(request.bucket, request.key, ({ tags: _, ...details }) => details);
  return { status: 204 };
};

/** The pairs of a Tagging document. */
export function readTagSet(text: string): (readonly [string, string])[] {
  const set = readXml(text, 'Tagging').children.find(({ name }) => name === 'TagSet');
  return set ? readTagList(set) : [];
}

export function tagElements(tags: Readonly<Record<string, string>>): XmlElement[] {
  return Object.entries(tags).map(
    ([key, value]): XmlElement => [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ],
  );
}

/** The pairs of a list of tags. */
export function readTagList({ children }: XmlNode): (readonly [string, string])[] {
  return children.map((tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? '']);
}
