import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Return the browser named by CHROMIUM, or the first one on the PATH. */
function findChromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(existsSync);
  if (!found) {
    throw new Error(
      `No Chromium: none of ${NAMES.join(", ")} is on the PATH. Install one, or name it by CHROMIUM=/path.`,
    );
  }
  return found;
}

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/artifacts",
  reporter: [["list"]],
  workers: 1,
  timeout: 40_000,
  expect: { timeout: 8_000 },
  use: {
    actionTimeout: 8_000,
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: findChromium(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "fixture", testMatch: "fixture/**/*.spec.ts" },
    // Against a running platform: see e2e/live/session.ts for its variables. A replay takes its time.
    { name: "live", testMatch: "live/**/*.spec.ts", timeout: 300_000 },
  ],
});
