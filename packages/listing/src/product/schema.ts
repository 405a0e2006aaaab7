/**
 * `product.yaml`: what a seller decides about a product, and nothing that the definition says already. The JSON schema that
 * editors complete the file with is made of this schema.
 */
import { z } from 'zod';
import { CATEGORIES, CHARACTERS, FREE_TRIAL_DAYS, ITEMS } from './limits.js';

/** AWS refuses control characters but for line feed and tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
const PLAIN = /^[^\x00-\x08\x0b-\x1f]*$/;

function text(max: number, meaning: string) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(PLAIN, 'must have no control characters except line feed and tab')
    .meta({ description: meaning });
}

function url(max: number, meaning: string) {
  return z
    .string()
    .max(max)
    .regex(/^https:\/\/[^\s/]+\.[^\s/]+/, 'must be an https URL')
    .meta({ description: meaning });
}

function file(meaning: string) {
  return z
    .string()
    .regex(/^(?!\/)(?!.*\.\.)\S(.*\S)?$/, 'must be the path of a file next to product.yaml, without ".."')
    .meta({ description: meaning });
}

const parameterSchema = z.strictObject({
  name: z
    .string()
    .max(CHARACTERS.parameterName)
    .regex(/^[ -~]+$/, 'must be printable ASCII'),
  description: text(CHARACTERS.parameterDescription, 'What the parameter means'),
  constraints: text(CHARACTERS.parameterConstraints, 'Which values it takes').optional(),
  required: z.boolean().default(false),
});

const instanceType = z
  .string()
  .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be an instance type such as ml.m5.large')
  .max(24);

/** Older than the driver of any host of SageMaker that is documented. */
const OLDEST_DRIVER = 450;

/** Not rounded in silence: AWS takes dollars with this number of decimals. */
const PRICE_DECIMALS = 8;
const price = z
  .number()
  .min(0)
  .max(999_999_999)
  .refine(
    (dollars) => Number(dollars.toFixed(PRICE_DECIMALS)) === dollars,
    `must have ${PRICE_DECIMALS} decimals or fewer`,
  );
const PRICE = 'in USD per hour; empty: not decided yet';
const prices = (use: string) =>
  z
    .record(instanceType, price.nullable().meta({ description: `Price ${PRICE}` }))
    .refine((types) => Object.keys(types).length > 0, 'must have one instance type or more')
    .meta({ description: `Instance types for ${use}, each with its price ${PRICE}` });

export const productSchema = z
  .strictObject({
    title: text(CHARACTERS.title, "The product's name"),
    shortDescription: text(
      CHARACTERS.shortDescription,
      "One to three sentences, in lists of products. Default: the definition's description",
    ).optional(),
    highlights: z.array(text(CHARACTERS.highlight, 'A feature or a measured result')).min(1).max(ITEMS.highlights),
    categories: z.array(z.enum(CATEGORIES)).min(1).max(ITEMS.categories),
    keywords: z
      .array(text(CHARACTERS.keyword, 'A search term'))
      .min(1)
      .max(ITEMS.keywords)
      .refine(
        (words) => words.join(',').length <= CHARACTERS.keywords,
        `must have ${CHARACTERS.keywords} characters or fewer in all, commas included`,
      ),
    sku: text(CHARACTERS.sku, "The seller's own identifier of the product").optional(),
    visibility: z
      .enum(['public', 'private'])
      .default('public')
      .meta({ description: 'private: for accounts that you name only, and never public later' }),
    logo: file('PNG, JPEG or GIF of 120 to 640 pixels, as high as wide or half as high'),
    links: z
      .strictObject({
        notebook: url(CHARACTERS.url, 'Sample notebook').optional(),
        repository: url(CHARACTERS.url, 'Public repository of the listing').optional(),
        samples: url(
          CHARACTERS.url,
          'Folder data of the public repository, as algo notebook export writes it',
        ).optional(),
        resources: z
          .array(
            z.strictObject({
              text: text(CHARACTERS.resourceText, 'What the link shows'),
              url: url(CHARACTERS.url, 'Its address'),
            }),
          )
          .max(ITEMS.resources)
          .default([])
          .meta({ description: 'Additional resources: papers, manuals' }),
      })
      .default({ resources: [] }),
    support: text(CHARACTERS.support, 'Whether support is offered, by whom and how to reach it'),
    regions: z
      .union([
        z.literal('all'),
        z.array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a Region such as us-east-1')).min(1),
      ])
      .default('all')
      .meta({
        description: 'all: all current and future Regions. It cannot be changed after the product is submitted',
      }),
    taxCode: text(100, 'Product tax code, where the portal asks for one').optional(),
    eula: z
      .union([z.literal('standard'), file('Plain text of your own licence agreement')])
      .meta({ description: "standard: AWS's standard contract; or the file of your own agreement, plain text" }),
    refunds: text(CHARACTERS.refunds, 'Refund policy, with a contact'),
    releaseNotes: text(
      CHARACTERS.releaseNotes,
      'What is new in this version. Default: its part of CHANGELOG.md, or "First version."',
    ).optional(),
    input: z.strictObject({
      description: text(CHARACTERS.inputDescription, 'What a request for predictions holds, real time and batch'),
      limitations: text(CHARACTERS.limitations, 'What it must not hold').optional(),
      parameters: z.array(parameterSchema).max(ITEMS.parameters).default([]),
    }),
    output: z.strictObject({
      description: text(CHARACTERS.inputDescription, 'What an answer holds, real time and batch'),
    }),
    pricing: z.strictObject({
      model: z
        .enum(['free', 'hourly', 'per-inference'])
        .meta({ description: 'Neither hourly and per-inference nor free and paid can be exchanged later' }),
      freeTrialDays: z.int().min(FREE_TRIAL_DAYS.min).max(FREE_TRIAL_DAYS.max).optional(),
      inference: z
        .strictObject({
          dimension: z
            .string()
            .min(1)
            .max(100)
            .meta({ description: 'Of the header X-Amzn-Inference-Metering, such as inference.count' }),
          price: price.meta({ description: 'USD per inference' }),
        })
        .optional()
        .meta({ description: 'With the model per-inference: real-time requests. Batch and training are hourly' }),
    }),
    instances: z.strictObject({
      training: prices('training (an algorithm only)').optional(),
      realTime: prices('real-time inference'),
      batch: prices('batch transform'),
    }),
    gpu: z
      .strictObject({
        driver: z
          .int()
          .min(OLDEST_DRIVER)
          .max(999)
          .meta({ description: "NVIDIA driver, major version, that the image's CUDA needs: 525 for CUDA 12" }),
      })
      .optional()
      .meta({ description: 'Of an image that computes on GPUs; without it, no instance type may have one' }),
    recommended: z
      .strictObject({
        training: instanceType.optional(),
        realTime: instanceType,
        batch: instanceType,
      })
      .meta({ description: 'An instance type for each use; AWS runs its validation on those for training and batch' }),
    testAccounts: z
      .array(z.string().regex(/^\d{12}$/, 'must be an account of 12 digits, in quotes'))
      .max(ITEMS.testAccounts)
      .default([])
      .meta({ description: 'Accounts that see the product before it is public' }),
  })
  .meta({ title: 'product.yaml', description: 'What a seller decides about a product on AWS Marketplace' });

export type Product = z.output<typeof productSchema>;

/** What an instance is used for, as product.yaml names it. */
export type Use = keyof Product['instances'];
