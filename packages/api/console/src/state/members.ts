/** Reads what Describe answers: JSON whose members may be missing. */
import type { Members } from './state.js';

/** The value at a path such as `ResourceConfig.InstanceType`. */
export function at(members: Members | undefined, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? (value as Members)[name] : undefined),
      members,
    );
}

/** A text, or undefined for anything that is not one. */
export function textAt(members: Members | undefined, path: string): string | undefined {
  const value = at(members, path);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function numberAt(members: Members | undefined, path: string): number | undefined {
  const value = at(members, path);
  return typeof value === 'number' ? value : undefined;
}

/** The objects of a list; none where there is no list. */
export function listAt(members: Members | undefined, path: string): readonly Members[] {
  const value = at(members, path);
  return Array.isArray(value) ? (value as readonly Members[]) : [];
}

/** Those of a model, one or several. */
export function containersOf(model: Members): readonly Members[] {
  const { PrimaryContainer } = model;
  return PrimaryContainer === undefined ? listAt(model, 'Containers') : [PrimaryContainer as Members];
}

/** The instances of a training job: `ml.m5.xlarge`, `2 × ml.m5.xlarge`, or its groups, `cpu: 2 × ml.c5.xlarge, gpu: ml.g5.xlarge`. */
export function instancesOf(job: Members): string | undefined {
  const textOf = (one: Members) => {
    const [type, count] = [textAt(one, 'InstanceType'), numberAt(one, 'InstanceCount') ?? 1];
    return count === 1 ? type : `${count} × ${type}`;
  };
  const groups = listAt(job, 'ResourceConfig.InstanceGroups');
  if (groups.length > 0) return groups.map((one) => `${textAt(one, 'InstanceGroupName')}: ${textOf(one)}`).join(', ');
  return textOf((at(job, 'ResourceConfig') ?? {}) as Members);
}

/** Whether a container has many models, of which each request names one. */
export function isMultiModel(container: Members): boolean {
  return textAt(container, 'Mode') === 'MultiModel';
}

/** The names and texts of a map. */
export function entriesAt(members: Members | undefined, path: string): readonly (readonly [string, string])[] {
  const value = at(members, path);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(
    ([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)] as const,
  );
}
