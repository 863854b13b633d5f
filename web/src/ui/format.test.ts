import { describe, expect, test } from "vitest";
import {
  formatCount,
  formatMoney,
  formatNodeValue,
  formatPercent,
  formatPrice,
  formatQuantity,
  formatSignedMoney,
  formatSignedPercent,
  ratioOf,
  signOf,
} from "./format";

describe("figures", () => {
  test("keep every digit of an amount that a float would round", () => {
    expect(formatMoney("90071992547409931.17")).toBe("$90,071,992,547,409,931.17");
  });

  test("write a loss with a true minus sign", () => {
    expect(formatSignedMoney("-3.1")).toBe("\u2212$3.10");
    expect(formatQuantity("-12.5")).toBe("\u221212.5");
  });

  test("write a gain with a plus sign and nothing without a sign", () => {
    expect(formatSignedMoney("12")).toBe("+$12.00");
    expect(formatSignedMoney("-0.00")).toBe("$0.00");
    expect(formatSignedMoney("-0.001")).toBe("$0.00");
    expect(formatSignedPercent(-0.000_001)).toBe("0.00%");
  });

  test("write a price with two to four digits and a missing one as a dash", () => {
    expect(formatPrice("31.5")).toBe("31.50");
    expect(formatPrice("31.17055")).toBe("31.1706");
    expect(formatPrice(null)).toBe("\u2014");
  });

  test("write fractions as percentages", () => {
    expect(formatPercent(0.4082)).toBe("40.8%");
    expect(formatSignedPercent(0.0125)).toBe("+1.25%");
  });

  test("write a node's value by its kind", () => {
    expect(formatNodeValue(null)).toBe("warming up");
    expect(formatNodeValue(true)).toBe("true");
    expect(formatNodeValue(-1.5)).toBe("\u22121.5");
  });

  test("count in words", () => {
    expect(formatCount(1, "order")).toBe("1 order");
    expect(formatCount(1200, "order")).toBe("1,200 orders");
  });
});

describe("signs and ratios", () => {
  test("know a zero of any length", () => {
    expect(["0", "-0.00", "0.000"].map(signOf)).toEqual([0, 0, 0]);
    expect([signOf("-0.01"), signOf("7")]).toEqual([-1, 1]);
  });

  test("have no ratio to nothing", () => {
    expect(ratioOf("5", "0")).toBeNull();
    expect(ratioOf("5", "20")).toBe(0.25);
  });
});
