/**
 * What a container runs: its program with `train` or `serve`, or what a training job gives in its place. Source: AWS guide
 * "How Amazon SageMaker Runs Your Training Image", ContainerEntrypoint and ContainerArguments.
 */

export interface CommandLine {
  readonly command: 'train' | 'serve';
  /** In place of the image's own and of the command. */
  readonly entrypoint?: readonly string[] | undefined;
  /** In place of the command; after the entrypoint, if there is one. */
  readonly arguments?: readonly string[] | undefined;
}

/** What the program gets; with an entrypoint, what that gets. */
export function programArguments({ command, entrypoint, arguments: given }: CommandLine): readonly string[] {
  return entrypoint ? [...entrypoint.slice(1), ...(given ?? [])] : (given ?? [command]);
}

/** Of an engine's `run`, before the image: engines take one word here, and the rest after the image. */
export function entrypointOption({ entrypoint }: CommandLine): readonly string[] {
  return entrypoint?.[0] === undefined ? [] : ['--entrypoint', entrypoint[0]];
}
