import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/notebooks/settings.js';

describe('notebook.yaml', () => {
  it('may be missing or empty', () => {
    for (const text of [undefined, '', '# nothing yet'])
      expect(parseSettings(text, 'notebook.yaml').tuning.fixed).toEqual({});
  });

  it('has numbers of hyperparameters as texts, as SageMaker takes them', () => {
    const text = 'tuning: { fixed: { epochs: 8 }, ranges: { l2: { min: 0, max: 10 }, method: [ols, ridge] } }';

    expect(parseSettings(text, 'notebook.yaml').tuning).toEqual({
      fixed: { epochs: '8' },
      ranges: { l2: { min: '0', max: '10', scaling: 'Auto' }, method: ['ols', 'ridge'] },
    });
  });

  it.each([
    ['unknown: 1', /notebook\.yaml: .*Unrecognized key: "unknown"/],
    ['image: [8]', /notebook\.yaml: (.|\n)*at image/],
    ['tuning: { ranges: { l2: { min: 0 } } }', /notebook\.yaml: (.|\n)*at tuning\.ranges\.l2/],
    ['a: [', /^notebook\.yaml must be YAML: /],
  ])('is refused with its field: %s', (text, message) => {
    expect(() => parseSettings(text, 'notebook.yaml')).toThrow(message);
  });
});
