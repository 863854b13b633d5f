import { expect, test } from "vitest";
import { drawdownPoints, equityPoints } from "./equity-points";

test("the curve has one point a session, the last of its day, in the order of time", () => {
  const points = equityPoints([
    { time: "2005-02-28T21:00:00Z", equity: "110" },
    { time: "2005-02-25T21:00:00Z", equity: "100" },
    { time: "2005-02-28T22:00:00Z", equity: "99.5" },
  ]);
  expect(points).toEqual([
    { time: "2005-02-25", value: 100 },
    { time: "2005-02-28", value: 99.5 },
  ]);
});

test("the fall is measured from the highest equity so far", () => {
  const falls = drawdownPoints(
    [100, 120, 90, 130].map((value, index) => ({ time: `2005-01-0${index + 1}`, value })),
  );
  expect(falls.map((point) => point.value)).toEqual([0, 0, -25, 0]);
});
