/**
 * The documents of changes of a MachineLearningProduct@1.0. Sources: AWS's shapes (aws-marketplace-catalog-api-shapes-for-python,
 * Apache License 2.0) and the AWS Marketplace API Reference, "Work with seller products" and "Add a new version".
 */
import { all, flag, list, object, oneOf, type Rule, text } from './rules.js';

/** Those of the buyer guide for machine learning products. */
const CATEGORIES = [
  ...['ML Solutions', 'Data Labeling Services', 'Computer Vision', 'Natural Language Processing'],
  ...['Speech Recognition', 'Text', 'Image', 'Video', 'Audio', 'Structured'],
];

/** A sum: of all keywords together. */
const keywordsInAll: Rule = (value, field) => {
  const length = Array.isArray(value) ? value.map(String).join('').length : 0;
  return length <= 250 ? [] : [{ field, message: `must have 250 characters together or fewer; received ${length}` }];
};

/** After the host only letters, digits and `-@_+./`: spaces, `%` and `?` are refused. */
const HTTPS = /^https:\/\/[-a-zA-Z0-9@._]{1,256}\.[a-zA-Z0-9()]{2,63}(?:\/[-a-zA-Z0-9@_+./]*)?$/;
const url = (max: number) => text({ max, pattern: HTTPS, form: 'an https URL of letters, digits and -@_+./' });
const webUrl = text({ max: 2048, pattern: /^https?:\/\/\S+$/, form: 'a URL' });
const instanceType = text({ max: 24, pattern: /^\S+$/, form: 'an instance type' });
const account = text({ pattern: /^\d{12}$/, form: 'an account of 12 digits' });

const sample = object({
  RealtimeInferenceText: text({ max: 10_000 }),
  RealtimeInferenceUrl: url(10_000),
  BatchTransformText: text({ max: 10_000 }),
  BatchTransformUrl: url(10_000),
});
const printable = text({ max: 100, pattern: /^[ -~]+$/, form: 'printable ASCII' });
const described = { Name: printable, Description: text({ max: 1000 }) };
const parameter = object({ ...described, Constraints: text({ max: 1500 }), Required: flag }, ['Name', 'Description']);
const inputProperties = object({
  Description: text({ max: 10_000 }),
  Limitations: text({ max: 1000 }),
  SampleInput: sample,
  Parameters: list(parameter, 0, 35),
  SageMakerCustomAttributes: list(parameter, 0, 35),
});
const outputProperties = object({
  Description: text({ max: 10_000 }),
  SampleOutput: sample,
  Parameters: list(object({ ...described, AlwaysReturned: flag }, ['Name', 'Description']), 0, 35),
});

const common = {
  UsageInstructions: text({ max: 10_000 }),
  SampleNotebookUrl: url(2000),
  RepositoryUrl: url(2000),
  InputProperties: inputProperties,
  OutputProperties: outputProperties,
};
const recommended = { BatchTransform: instanceType, RealtimeInference: instanceType };
const role = text({
  pattern: /^arn:aws:iam::\d{12}:role\/[A-Za-z0-9_+=,.@-]+$/,
  form: 'arn:aws:iam::ACCOUNT:role/NAME',
});

/** What a version must have beyond its ARN. */
const NEEDED = ['UsageInstructions', 'SampleNotebookUrl', 'RepositoryUrl', 'InputProperties', 'OutputProperties'];

function details(isNew: boolean): Rule {
  const arn = { AccessRoleArn: role };
  const needed = (kind: string) => (isNew ? [...NEEDED, 'RecommendedInstanceTypes', kind, 'AccessRoleArn'] : []);
  const algorithm = { ...common, RecommendedInstanceTypes: object({ ...recommended, Training: instanceType }) };
  const modelPackage = { ...common, RecommendedInstanceTypes: object(recommended) };
  return object({
    SageMakerAlgorithmDeliveryOptionDetails: object(
      { ...algorithm, ...(isNew && { ...arn, SageMakerAlgorithmArn: text({ max: 2048 }) }) },
      needed('SageMakerAlgorithmArn'),
    ),
    SageMakerModelPackageDeliveryOptionDetails: object(
      { ...modelPackage, ...(isNew && { ...arn, SageMakerModelPackageArn: text({ max: 2048 }) }) },
      needed('SageMakerModelPackageArn'),
    ),
  });
}

const version = { VersionTitle: text({ max: 64 }), ReleaseNotes: text({ max: 30_000 }) };
const titled = { ProductTitle: text({ max: 72 }) };

export const PRODUCT_RULES: Readonly<Record<string, Rule>> = {
  CreateProduct: object(titled),
  UpdateInformation: object({
    ...titled,
    ShortDescription: text({ max: 1000 }),
    LongDescription: text({ max: 5000 }),
    Sku: text({ max: 100 }),
    LogoUrl: url(2048),
    VideoUrls: list(webUrl, 0, 1),
    Highlights: list(text({ max: 500 }), 1, 3),
    AdditionalResources: list(object({ Text: text({ max: 500 }), Url: webUrl }, ['Text', 'Url']), 0, 3),
    SupportDescription: text({ max: 2000 }),
    Categories: list(oneOf(CATEGORIES), 1, 3),
    SearchKeywords: all(list(text({ max: 50 }), 1, 15), keywordsInAll),
  }),
  AddDeliveryOptions: object(
    {
      Version: object(version, ['VersionTitle', 'ReleaseNotes']),
      DeliveryOptions: list(object({ Details: details(true) }, ['Details']), 1, 1),
    },
    ['Version', 'DeliveryOptions'],
  ),
  UpdateDeliveryOptions: object(
    {
      Version: object({ ReleaseNotes: version.ReleaseNotes }),
      DeliveryOptions: list(object({ Id: text({ max: 36 }), Details: details(false) }, ['Id']), 1, 1),
    },
    ['DeliveryOptions'],
  ),
  RestrictDeliveryOptions: object({ DeliveryOptionIds: list(text({ max: 36 }), 1, 50) }, ['DeliveryOptionIds']),
  UpdateTargeting: object({ PositiveTargeting: object({ BuyerAccounts: list(account, 0, 100) }, ['BuyerAccounts']) }, [
    'PositiveTargeting',
  ]),
  UpdateVisibility: object(
    { TargetVisibility: oneOf(['Limited', 'Public', 'Restricted']), ReplacementProductId: text({ max: 50 }) },
    ['TargetVisibility'],
  ),
  ReleaseProduct: object({}),
};
