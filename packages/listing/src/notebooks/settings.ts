/**
 * `listing/notebook.yaml`: what notebooks say of a product and its sample data that follows from no definition. All of it may be
 * left out.
 */
import { ArgumentError, messageOf } from '@algo/local';
import { parse } from 'yaml';
import { z } from 'zod';

export const SETTINGS_FILE = 'notebook.yaml';

const paragraph = z.string().trim().min(1);
const numberText = z.union([z.number(), z.string()]).transform(String);

const settingsSchema = z.strictObject({
  /** What the notebook shows, after its title. Default: the first paragraph of description.md. */
  overview: paragraph.optional(),
  /** How to read the picture of the data. */
  data: paragraph.optional(),
  /** Rows are images: pictures of these many rows and columns of pixels. */
  image: z.tuple([z.int().min(1), z.int().min(1)]).optional(),
  /** Which hyperparameters matter, and why they have these values. */
  training: paragraph.optional(),
  /** How to read the picture of the predictions and the metrics. */
  result: paragraph.optional(),
  tuning: z
    .strictObject({
      /** What to look for. */
      text: paragraph.optional(),
      /** In the place of the sample job's, or besides. */
      fixed: z.record(z.string(), numberText).default({}),
      /** Default: hyperparameters of the sample job, in the ranges that the definition recommends. */
      ranges: z
        .record(
          z.string(),
          z.union([
            z.array(numberText).min(1),
            z.strictObject({
              min: numberText,
              max: numberText,
              scaling: z.enum(['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']).default('Auto'),
            }),
          ]),
        )
        .optional(),
    })
    .default({ fixed: {} }),
});

export type NotebookSettings = z.output<typeof settingsSchema>;

/** @param text undefined where there is no file @param file for messages @throws ArgumentError that names file, field and rule */
export function parseSettings(text: string | undefined, file: string): NotebookSettings {
  let value: unknown;
  try {
    value = text === undefined ? {} : (parse(text) ?? {});
  } catch (error) {
    throw new ArgumentError(`${file} must be YAML: ${messageOf(error)}.`);
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ArgumentError(`${file}: ${z.prettifyError(parsed.error)}`);
}
