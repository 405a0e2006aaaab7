/** What is used of the package koffi, which calls libraries in C. */
export interface Koffi {
  load(path: string): {
    func(name: string, result: string, types: readonly string[]): unknown;
    /** Its address. */
    symbol(name: string): unknown;
  };
}
