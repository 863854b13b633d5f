import { expect, test } from "vitest";
import { offsetOf } from "./caret";

const text = "one\ntwo\n\nfour";

test.each([
  [1, 1, 0],
  [2, 2, 5],
  [3, 1, 8],
  [4, 99, 13],
  [99, 1, 9],
])("line %i, column %i is at offset %i", (line, column, offset) => {
  expect(offsetOf(text, line, column)).toBe(offset);
});
