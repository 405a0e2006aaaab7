/** Channels and configuration files in the forms that jobs have them. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { OptMl } from '@algo/local';
import { NO_DATA } from '../lab/failing-job.js';
import { editJson, type JsonObject, openTree, putFile } from '../lab/files.js';
import type { Lab } from '../lab/lab.js';
import type { TrainingVariant } from '../lab/training.js';
import type { Rule } from '../rule.js';
import { need } from '../verdict.js';
import { completes } from './completes.js';
import { PAGES } from './pages.js';

export const CHANNEL_RULES: readonly Rule[] = [
  variantRule(
    'channels.hidden-files',
    'Files whose names begin with a dot are not read as data: S3 prefixes have them, and File mode copies them.',
    'aws/amazon-sagemaker-examples#161, #668',
    'should',
    (lab) => ({
      edit: (tree) =>
        forEachChannel(lab, tree, (folder) => {
          for (const name of ['.DS_Store', '.ipynb_checkpoints/copy.csv']) putFile(join(folder, name), NO_DATA);
        }),
    }),
  ),
  variantRule(
    'channels.empty-objects',
    'Empty objects, such as _SUCCESS and markers of folders, are not read as data.',
    'aws/amazon-sagemaker-examples#161',
    'should',
    (lab) => ({
      edit: (tree) => forEachChannel(lab, tree, (folder) => putFile(join(folder, '_SUCCESS'), '')),
    }),
  ),
  variantRule(
    'channels.subfolders',
    'Files in folders of a channel are read: the keys below the prefix are kept.',
    PAGES.trainingInformation,
    'should',
    (lab) => ({ edit: (tree) => forEachChannel(lab, tree, moveDown) }),
  ),
  variantRule(
    'channels.fast-file',
    'A channel in FastFile mode is read as one in File mode, whichever of the two words its configuration has.',
    PAGES.trainingInformation,
    'must',
    () => ({
      inputMode: 'FastFile',
      edit: ({ config }) =>
        editJson(join(config, 'inputdataconfig.json'), (channels) =>
          eachValue(channels, (channel) => ({ ...channel, TrainingInputMode: 'FastFile' })),
        ),
    }),
  ),
  {
    id: 'channels.pipe',
    rule: 'A channel in Pipe mode is read from FIFOs CHANNEL_0, CHANNEL_1 …, each of which may come after the one before it was read.',
    source: PAGES.trainingInformation,
    severity: 'must',
    async check(lab) {
      need(
        lab.profile.training?.inputModes.includes('Pipe') ?? false,
        'the profile does not say that it reads Pipe mode',
      );
      return completes(lab, { inputMode: 'Pipe' });
    },
  },
  variantRule(
    'channels.local-mode-keys',
    "The configuration of the SDK's local mode is enough: channels with TrainingInputMode and ContentType only, hosts without groups.",
    PAGES.localMode,
    'should',
    () => ({
      edit({ config }) {
        editJson(join(config, 'inputdataconfig.json'), (channels) =>
          eachValue(channels, ({ TrainingInputMode, ContentType }) => ({
            TrainingInputMode,
            ...(ContentType !== undefined && { ContentType }),
          })),
        );
        editJson(join(config, 'resourceconfig.json'), ({ current_host, hosts, network_interface_name }) => ({
          ...{ current_host, hosts, network_interface_name, current_instance_type: 'local' },
        }));
      },
    }),
  ),
  variantRule(
    'channels.more-keys',
    'Keys and configuration files that the container does not know are ignored: the platform adds some.',
    PAGES.trainingInformation,
    'must',
    () => ({
      edit({ config }) {
        const more = { AddedLater: 'some value' };
        editJson(join(config, 'inputdataconfig.json'), (channels) =>
          eachValue(channels, (channel) => ({ ...channel, ...more })),
        );
        editJson(join(config, 'resourceconfig.json'), (value) => ({ ...value, ...more, topology: null }));
        for (const name of ['upstreamoutputdataconfig.json', 'init-config.json', 'profilerconfig.json']) {
          putFile(join(config, name), '{}\n');
        }
      },
    }),
  ),
];

// --- internal ---

function variantRule(
  id: string,
  rule: string,
  source: string,
  severity: Rule['severity'],
  change: (lab: Lab) => Partial<TrainingVariant>,
): Rule {
  return { id, rule, source, severity, check: (lab) => completes(lab, change(lab)) };
}

function forEachChannel(lab: Lab, { data }: OptMl, action: (folder: string) => void): void {
  for (const [name, { inputMode }] of Object.entries(lab.profile.training?.channels ?? {})) {
    if (inputMode !== 'Pipe') action(join(data, name));
  }
}

/** `train/a.csv` becomes `train/part=1/below/a.csv`. */
function moveDown(folder: string): void {
  openTree(folder);
  const moved = `${folder}.moved`;
  renameSync(folder, moved);
  mkdirSync(join(folder, 'part'), { recursive: true });
  renameSync(moved, join(folder, 'part', 'below'));
}

function eachValue(value: JsonObject, change: (one: JsonObject) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one as JsonObject)]));
}
