import { describe, expect, test } from "vitest";
import { exchangeDate, formatAge, formatInstant, isRegularSession, wallClockSeconds } from "./time";

describe("instants", () => {
  test("are shown in the exchange's time with its zone, summer and winter", () => {
    expect(formatInstant("2005-02-28T21:00:00Z", "exchange")).toBe("2005-02-28 16:00 EST");
    expect(formatInstant("2005-06-28T20:00:00Z", "exchange")).toBe("2005-06-28 16:00 EDT");
  });

  test("are shown in UTC when the reader chose that", () => {
    expect(formatInstant("2005-02-28T21:00:00Z", "utc")).toBe("2005-02-28 21:00 UTC");
  });

  test("that are missing are a dash", () => {
    expect(formatInstant(null, "exchange")).toBe("\u2014");
  });

  test("belong to the exchange's date, not the one of UTC", () => {
    expect(exchangeDate("2005-03-01T01:00:00Z")).toBe("2005-02-28");
  });

  test("go onto a chart's axis as the reader's clock", () => {
    expect(wallClockSeconds("2005-02-28T14:30:00Z", "exchange")).toBe(
      Date.UTC(2005, 1, 28, 9, 30) / 1000,
    );
  });
});

describe("the regular session", () => {
  test.each([
    ["2026-11-23T14:29:00Z", false],
    ["2026-11-23T14:30:00Z", true],
    ["2026-11-23T21:04:00Z", true],
    ["2026-11-23T21:06:00Z", false],
    ["2026-11-22T16:00:00Z", false],
  ])("at %s is open: %s", (instant, isOpen) => {
    expect(isRegularSession(new Date(instant))).toBe(isOpen);
  });
});

test("an age is written in its largest whole unit", () => {
  expect([900, 12_000, 200_000, 7_300_000, 200_000_000].map(formatAge)).toEqual([
    "0 s",
    "12 s",
    "3 min",
    "2 h",
    "2 d",
  ]);
});
