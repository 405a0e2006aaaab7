/** The hyperparameters of a description as a Markdown table, so that a README says what the definition does. */
import { nextDouble } from '../hyperparameters/field.js';
import type { Description, HyperParameterSpecification } from './description.js';

/**
 * One row per hyperparameter: name, values, default, whether it is tunable, description.
 * @param names of those to show, in the order of the definition; default: all
 * @throws Error for a name that the definition does not have
 */
export function hyperparameterTable(
  { TrainingSpecification, Capabilities }: Description,
  names?: readonly string[],
): string {
  const all = TrainingSpecification?.SupportedHyperParameters ?? [];
  const unknown = names?.find((name) => !all.some(({ Name }) => Name === name));
  if (unknown !== undefined) throw new Error(`The definition must have a hyperparameter "${unknown}"; it has none.`);
  const specifications = all.filter(({ Name }) => names?.includes(Name) ?? true);
  const rows = specifications.map((specification) => [
    `\`${specification.Name}\``,
    Capabilities.Lists[specification.Name] ?? valuesOf(specification),
    specification.IsRequired ? 'required' : defaultOf(specification),
    specification.IsTunable ? 'yes' : 'no',
    specification.Description,
  ]);
  const header = ['hyperparameter', 'values', 'default', 'tunable', 'what it does'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

// --- internal ---

function valuesOf({ Type, Range }: HyperParameterSpecification): string {
  const categories = Range?.CategoricalParameterRangeSpecification?.Values;
  if (categories)
    return categories.includes('True') ? 'true, false' : categories.map((value) => `\`${value}\``).join(', ');
  const bounds = Range?.IntegerParameterRangeSpecification ?? Range?.ContinuousParameterRangeSpecification;
  const kind = { Integer: 'integer', Continuous: 'number', Categorical: 'text', FreeText: 'text' }[Type];
  return bounds ? `${kind} in ${intervalOf(Number(bounds.MinValue), Number(bounds.MaxValue))}` : kind;
}

/** A bound that is the number next to a shorter one stands for an open bound there: `(0, 1]`. */
function intervalOf(low: number, high: number): string {
  const [below, above] = [nextDouble(low, -1), nextDouble(high, 1)];
  const isShorter = (outside: number, bound: number) => String(outside).length < String(bound).length;
  const from = !Number.isInteger(low) && isShorter(below, low) ? `(${below}` : `[${low}`;
  const to = !Number.isInteger(high) && isShorter(above, high) ? `${above})` : `${high}]`;
  return `${from}, ${to}`;
}

function defaultOf({ DefaultValue }: HyperParameterSpecification): string {
  return DefaultValue === undefined ? 'none' : `\`${DefaultValue}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
