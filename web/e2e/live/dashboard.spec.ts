import type { Page } from "@playwright/test";
import { expect, test } from "./session";

const SLOW = { timeout: 120_000 };

async function numberOf(page: Page, selector: string, attribute: string): Promise<number> {
  return Number(await page.locator(selector).first().getAttribute(attribute, SLOW));
}

/** The text of the newest row of a table, or nothing while the table is empty. */
async function newestRow(page: Page, table: RegExp): Promise<string> {
  const row = page.getByRole("group", { name: table }).locator("tbody tr").first();
  return (await row.count()) === 0 ? "" : row.innerText();
}

/** Open the symbol that has the newest fill; wait until the platform has one. */
async function openFilledSymbol(page: Page): Promise<void> {
  const filled = page
    .getByRole("group", { name: /^Orders/ })
    .locator("tbody tr", { hasText: "FILLED" });
  await filled.first().waitFor(SLOW);
  const symbol = await filled.first().locator("td").first().innerText();
  await page.getByRole("radiogroup", { name: "Symbol" }).getByText(symbol, { exact: true }).click();
  await expect(page.getByRole("heading", { name: new RegExp(`^${symbol} `) })).toBeVisible(SLOW);
}

/** Resume trading; the platform refuses until its next clean comparison with the broker. */
async function resume(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await page.getByLabel("Reason").fill("resumed by the browser test");
  await expect(async () => {
    await page.getByRole("button", { name: "Resume trading" }).click();
    await expect(page.getByRole("dialog")).toBeHidden({ timeout: 5_000 });
  }).toPass({ timeout: 240_000 });
  await expect(page.getByText("TRADING IS HALTED", { exact: true })).toBeHidden(SLOW);
}

// The tests share one running account, so they run in this order.
test.describe.configure({ mode: "serial" });

test("the overview shows the equity curve and which parts work", async ({ page, open }) => {
  await open("/");
  await expect
    .poll(() => numberOf(page, ".chart-box[data-points]", "data-points"), SLOW)
    .toBeGreaterThan(1);
  await expect(page.locator(".chart-box canvas").first()).toBeVisible();
  await expect(page.getByTestId("equity")).toContainText("$");
  await expect(page.getByRole("group", { name: "Services" })).toBeVisible();
  await page.screenshot({ path: "test-results/live-overview.png", fullPage: true });
});

test("the chart shows candles with a marker for every fill", async ({ page, open }) => {
  await open("/trade");
  await openFilledSymbol(page);
  await expect
    .poll(() => numberOf(page, "[data-testid=candles]", "data-fill-markers"), SLOW)
    .toBeGreaterThan(0);
  expect(await numberOf(page, "[data-testid=candles]", "data-bars")).toBeGreaterThan(1);
  await page.waitForTimeout(500);
  await page.screenshot({ path: "test-results/live-trade.png", fullPage: true });
});

test("an order says which decision caused it and why", async ({ page, open }) => {
  await open("/trade");
  const row = page
    .getByRole("group", { name: /^Orders/ })
    .locator("tbody tr")
    .first();
  await row.waitFor(SLOW);
  await row.click();
  const values = page.getByRole("table", { name: "Values of every node" });
  await expect(values.locator("tbody tr").first()).toBeVisible(SLOW);
  await page.waitForTimeout(500);
  await page.screenshot({ path: "test-results/live-why.png" });
});

test("orders and decisions change as the replay runs", async ({ page, open }) => {
  await open("/trade");
  const decision = await newestRow(page, /^Decisions/);
  const order = await newestRow(page, /^Orders/);
  await expect.poll(() => newestRow(page, /^Decisions/), SLOW).not.toBe(decision);
  await expect.poll(() => newestRow(page, /^Orders/), { timeout: 240_000 }).not.toBe(order);
});

test("the halt switch stops new orders, the API refuses an enable, and resume works", async ({
  page,
  open,
}) => {
  await open("/");
  await page.getByRole("button", { name: "Halt trading" }).click();
  await page.getByLabel("Reason").fill("halted by the browser test");
  await page.getByLabel("Type STOP to confirm").fill("STOP");
  await page.getByRole("button", { name: "Halt trading now" }).click();
  await expect(page.getByRole("dialog")).toContainText("Trading is halted", SLOW);
  await page.keyboard.press("Escape");
  await expect(page.getByText("TRADING IS HALTED", { exact: true })).toBeVisible(SLOW);
  await page.screenshot({ path: "test-results/live-halted.png" });

  await page.getByRole("link", { name: "Strategies" }).click();
  const disable = page.getByRole("button", { name: /^Disable / }).first();
  await disable.waitFor(SLOW);
  const name = (await disable.innerText()).replace(/^Disable\s+/, "");
  await disable.click();
  const enable = page.getByRole("button", { name: `Enable ${name}` });
  await enable.click(SLOW);
  await expect(page.getByRole("alert").first()).toContainText("was not changed", SLOW);
  await page.screenshot({ path: "test-results/live-enable-refused.png" });

  await resume(page);
  await enable.click();
  await expect(page.getByRole("button", { name: `Disable ${name}` })).toBeVisible(SLOW);
});
