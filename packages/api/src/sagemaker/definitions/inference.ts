/** How a model is served: what an algorithm and a model package say of the containers of their models. */

export interface InferenceSpecification {
  readonly Containers: readonly {
    readonly Image?: string;
    readonly ContainerHostname?: string;
    readonly ModelDataUrl?: string;
    readonly Environment?: Readonly<Record<string, string>>;
    readonly [member: string]: unknown;
  }[];
  readonly [member: string]: unknown;
}
