/** Mistakes of training and versions: rules 27 to 30. */
import { withProduct } from '../../support/flawless.js';
import { definition, type Fixture, profile, withDescription, withPublished, withUsage } from './changes.js';

export const TRAINING_AND_VERSIONS_FIXTURES: readonly Fixture[] = [
  [
    27,
    'an instance type that is not listed, in a text',
    withUsage('ml.m5.large', 'ml.g4dn.xlarge'),
    /^usage\.md:\d+$/,
    /must name only instance types of product\.yaml; found "ml\.g4dn\.xlarge"/,
  ],
  [
    28,
    'instance types for training of a product without training',
    (material) =>
      definition(({ TrainingSpecification: _, ...served }) => served)(
        profile({ holdOut: { path: 'validation', contentType: 'text/csv' } })(
          withDescription('Pipe mode', 'Pipe')(withUsage('Pipe mode', 'Pipe')(material)),
        ),
      ),
    /^product\.yaml:\d+$/,
    /instances\.training must not be there: linear-regression has no training/,
  ],
  [
    29,
    'an output less than buyers have, and the version that they have',
    withPublished((published) => {
      published.definition.Capabilities.Outputs.push({ Name: 'median', Description: '', IsOptional: false });
    }),
    /^the definition of linear-regression$/,
    /^version must be 2\.0\.0 or higher; it is 1\.1\.0 with the changesets, which are minor, .*: output "median" is gone$/,
  ],
  [
    29,
    'a published.json that is none',
    (material) => ({
      ...material,
      history: { ...material.history, publishedFile: 'a.json', publishedProblem: 'a.json must be JSON.' },
    }),
    /^a\.json$/,
    /^must be JSON$/,
  ],
  [
    30,
    'no release notes',
    withPublished((published) => Object.assign(published.definition, { Version: '0.9.0' })),
    /^algorithms\/linear-regression\/CHANGELOG\.md$/,
    /^must have a part "## 1\.0\.0"/,
  ],
  [
    30,
    'the release notes of the version before',
    (material) =>
      withPublished((published) => Object.assign(published.definition, { Version: '0.9.0' }))(
        withProduct(material, 'eula: standard', 'eula: standard\nreleaseNotes: First version.'),
      ),
    /^product\.yaml:\d+$/,
    /^releaseNotes must be of 1\.0\.0; they are those of 0\.9\.0$/,
  ],
  [
    30,
    'release notes that are too long',
    (material) => ({
      ...material,
      history: { ...material.history, changelog: `## 1.0.0\n\n${'x'.repeat(30_001)}\n` },
    }),
    /^algorithms\/linear-regression\/CHANGELOG\.md$/,
    /30000 characters or fewer; they have 30001$/,
  ],
];
