import { describe, expect, test } from "vitest";
import { choosePollingInterval, staleAfter, type Activity } from "./polling";

const openSession = new Date("2026-11-23T15:00:00Z");
const night = new Date("2026-11-24T03:00:00Z");

function activity(change: Partial<Activity>): Activity {
  return {
    workingOrders: false,
    marketClock: "machine",
    marketTimeIdleFor: null,
    now: openSession,
    ...change,
  };
}

describe("the polling interval", () => {
  test("is two seconds while orders work", () => {
    expect(choosePollingInterval(activity({ workingOrders: true }))).toBe(2_000);
  });

  test("is five seconds in an open market", () => {
    expect(choosePollingInterval(activity({}))).toBe(5_000);
  });

  test("is a minute when the market is closed, even with orders that rest until the morning", () => {
    expect(choosePollingInterval(activity({ workingOrders: true, now: night }))).toBe(60_000);
  });

  test("is five seconds at night while a replay runs", () => {
    const replay = activity({ marketClock: "replay", marketTimeIdleFor: 3_000, now: night });
    expect(choosePollingInterval(replay)).toBe(5_000);
  });

  test("is two seconds while a replay runs with orders that work", () => {
    const replay = activity({ marketClock: "replay", marketTimeIdleFor: 0, workingOrders: true });
    expect(choosePollingInterval(replay)).toBe(2_000);
  });

  test("is a minute when a replay stood still for two minutes", () => {
    const replay = activity({ marketClock: "replay", marketTimeIdleFor: 120_000 });
    expect(choosePollingInterval(replay)).toBe(60_000);
  });
});

test("data is stale after three missed looks and one timeout", () => {
  expect(staleAfter(2_000)).toBe(10_000);
});
