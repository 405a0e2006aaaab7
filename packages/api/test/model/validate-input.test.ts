import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/model/pattern.js';
import { serviceModel } from '../../src/model/service-model.js';
import { validateInput } from '../../src/model/validate-input.js';
import { channel, trainingJob } from '../support/scene.js';

const model = serviceModel('sagemaker');

function check(input: unknown, shape = 'CreateTrainingJobRequest'): void {
  validateInput(model, shape, input);
}

describe('the tables', () => {
  it.each(['sagemaker', 'sagemaker-runtime'])(
    'of %s have only patterns that compile, and no shape is missing',
    (name) => {
      const { shapes, operations } = serviceModel(name);
      const used = [
        ...Object.values(operations).flatMap(({ input, output, errors = [] }) => [input, output, ...errors]),
        ...Object.values(shapes).flatMap(({ members = {}, member, key, value }) => [
          ...Object.values(members),
          ...[member, key, value],
        ]),
      ].filter((shape) => shape !== undefined);

      for (const { pattern } of Object.values(shapes)) if (pattern !== undefined) compilePattern(pattern);

      expect(used.filter((shape) => !Object.hasOwn(shapes, shape))).toEqual([]);
    },
  );

  it('mean the size where a pattern has the slip of CustomerMetadataKey', () => {
    const expression = compilePattern(model.shapes.CustomerMetadataKey!.pattern!);

    expect([expression.test('team'), expression.test(''), expression.test('a\nb')]).toEqual([true, false, false]);
  });
});

describe('a request', () => {
  it('that is right passes', () => {
    check(trainingJob('a--b', { HyperParameters: { '': '', key: 'v'.repeat(2500) }, Tags: [{ Key: 'é', Value: '' }] }));
  });

  it('with a broken pattern gets the service’s own sentence', () => {
    expect(() => check(trainingJob('a_b'))).toThrow(
      "1 validation error detected: Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    );
  });

  it('with several problems has them all in one error', () => {
    const input = trainingJob('x'.repeat(64), {
      RoleArn: undefined,
      StoppingCondition: { MaxRuntimeInSeconds: 0 },
      ResourceConfig: { InstanceType: 'ml.none' },
      InputDataConfig: [channel('s3://b', { ChannelName: 'a b' })],
    });

    const { message } = thrownBy(() => check(input));

    const found = message.split('; ').map((part) => part.replace(/enum value set: \[.*\]/, 'enum value set: […]'));
    expect(found).toEqual([
      "5 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
      `Value '${'x'.repeat(64)}' at 'trainingJobName' failed to satisfy constraint: Member must have length less than or equal to 63`,
      "Value 'a b' at 'inputDataConfig.1.member.channelName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9\\.\\-_]+",
      "Value 'ml.none' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must satisfy enum value set: […]",
      "Value '0' at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ]);
  });

  it('with a value of a map that is too long names the map and the constraints of its values', () => {
    const value = 'v'.repeat(2501);

    expect(() => check(trainingJob('a', { HyperParameters: { key: value } }))).toThrow(
      `Value '{key=${value}}' at 'hyperParameters' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 2500, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: .*]`,
    );
  });

  it('with an item of a list that is not in the enum names the list', () => {
    const input = { ResourceArn: 'arn:aws:sagemaker:us-east-1:000000000000:model/x', TagKeys: [''] };

    expect(() => check(input, 'DeleteTagsInput')).toThrow(
      /Value '\[\]' at 'tagKeys' .* Member must satisfy constraint: \[/,
    );
  });

  it('counts characters, not UTF-16 units', () => {
    check(
      { ResourceArn: 'arn:aws:sagemaker:us-east-1:000000000000:model/x', Tags: [{ Key: 'k', Value: '' }] },
      'AddTagsInput',
    );
    expect(() =>
      check({ AlgorithmName: 'a', AlgorithmDescription: '😀'.repeat(1025) }, 'CreateAlgorithmInput'),
    ).toThrow('Member must have length less than or equal to 1024');
    expect(() =>
      check({ AlgorithmName: 'a', AlgorithmDescription: '😀'.repeat(1024) }, 'CreateAlgorithmInput'),
    ).toThrow("1 validation error detected: Value null at 'trainingSpecification'");
  });

  it('with a member that the table does not have is refused by its name', () => {
    expect(() => check(trainingJob('a', { Colour: 'red' }))).toThrow(/Value 'red' at 'colour' .* botocore 1\./);
    expect(() => check(JSON.parse('{"TrainingJobName":"a","__proto__":1}'))).toThrow("at '__proto__'");
  });

  it.each([
    [{ TrainingJobName: 7 }, "NUMBER_VALUE can not be converted to a String at 'trainingJobName'"],
    [{ InputDataConfig: {} }, "START_OBJECT can not be converted to a List at 'inputDataConfig'"],
    [{ InputDataConfig: [null] }, "NULL_VALUE can not be converted to a Structure at 'inputDataConfig.1.member'"],
    [{ HyperParameters: { epochs: 3 } }, "NUMBER_VALUE can not be converted to a String at 'hyperParameters'"],
    [
      { ResourceConfig: { InstanceCount: '1' } },
      "STRING_VALUE can not be converted to an Integer at 'resourceConfig.instanceCount'",
    ],
    [{ EnableNetworkIsolation: 'true' }, "STRING_VALUE can not be converted to a Boolean at 'enableNetworkIsolation'"],
  ])('with a value of a wrong type, %j, cannot be read', (input, message) => {
    const error = thrownBy(() => check(input));

    expect(error).toMatchObject({ code: 'SerializationException', message });
  });
});

function thrownBy(work: () => void): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
