/** Return the offset of a line and column, both counted from 1, in a text; clipped to the text. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const row = Math.min(Math.max(line, 1), lines.length);
  const before = lines.slice(0, row - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const width = lines[row - 1]?.length ?? 0;
  return before + Math.min(Math.max(column - 1, 0), width);
}
