/** The values of one column of text, of all rows that a statement found. */
export function columnOf(rows: readonly unknown[], name: string): readonly string[] {
  return rows.map((row) => (row as Record<string, string>)[name]!);
}
