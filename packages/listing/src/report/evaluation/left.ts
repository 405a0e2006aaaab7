/** Why a part of the report is left out: a sentence that follows "Left out:". */
export class Left extends Error {}

/** What a part needs, or the reason why it is left out. */
export type Found<T> = { readonly value: T; readonly reason?: undefined } | { readonly reason: string };

/** @throws what is no `Left` */
export async function find<T>(make: () => T | Promise<T>): Promise<Found<T>> {
  try {
    return { value: await make() };
  } catch (error) {
    if (error instanceof Left) return { reason: error.message };
    throw error;
  }
}
