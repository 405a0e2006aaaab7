/**
 * The parameters of AWS's query protocol, as the members that the model names:
 *
 *     Role.Name=x                    a structure
 *     ActionNames.member.1=x         a list
 *     Tags.entry.1.key=k             a map, with `.value` for its value
 */
import { type ServiceModel, type Shape, shapeOf } from '../model/service-model.js';

/**
 * The members, of the types of their shapes; a text that is no number or boolean stays a text, which validation refuses.
 * @param shapeName of the operation's input
 */
export function readQueryInput(model: ServiceModel, shapeName: string, parameters: URLSearchParams): unknown {
  const root: Node = { text: undefined, children: new Map() };
  for (const [name, value] of parameters) {
    if (name === 'Action' || name === 'Version') continue;
    const parts = name.split('.');
    if (parts.length > MAX_DEPTH) continue;
    let node = root;
    for (const part of parts) {
      const next = node.children.get(part) ?? { text: undefined, children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.text = value;
  }
  return convert(model, shapeName, root);
}

// --- internal ---

interface Node {
  text: string | undefined;
  readonly children: Map<string, Node>;
}

/** The deepest parameter of the operations here has eight parts. */
const MAX_DEPTH = 16;

function convert(model: ServiceModel, shapeName: string, node: Node): unknown {
  const shape = shapeOf(model, shapeName);
  if (shape.type === 'structure') return convertStructure(model, shape, node);
  if (shape.type === 'list') return itemsOf(node, 'member').map((item) => convert(model, shape.member!, item));
  if (shape.type === 'map') {
    const entries = itemsOf(node, 'entry').map(({ children }) => {
      const value = children.get('value');
      return [children.get('key')?.text ?? '', value && convert(model, shape.value!, value)];
    });
    return Object.fromEntries(entries);
  }
  return convertScalar(shape, node.text ?? '');
}

function convertStructure(model: ServiceModel, { members = {} }: Shape, node: Node): unknown {
  const entries = [...node.children].map(([name, child]) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    return [name, member === undefined ? (child.text ?? '') : convert(model, member, child)];
  });
  return Object.fromEntries(entries);
}

/** In the order of their numbers. */
function itemsOf(node: Node, name: string): Node[] {
  const items = [...(node.children.get(name)?.children ?? [])];
  return items.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

function convertScalar({ type }: Shape, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'timestamp') {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? text : ms / 1000;
  }
  const isNumber = type === 'integer' || type === 'long' || type === 'float' || type === 'double';
  return isNumber && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}
