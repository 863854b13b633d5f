import { test as base } from "@playwright/test";

export { expect } from "@playwright/test";

function variable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      `${name} is not set. The live project needs QZ_DASHBOARD_URL (as \`make up\` prints it), ` +
        "QZ_USER and QZ_PASSWORD of a user in the group admin.",
    );
  }
  return value;
}

/** Signs in at a running platform before each test. */
export const test = base.extend<{ open: (path: string) => Promise<void> }>({
  open: async ({ page }, use) => {
    await use(async (path) => {
      await page.goto(variable("QZ_DASHBOARD_URL").replace(/\/$/, "") + path);
      await page.getByLabel("User name").fill(variable("QZ_USER"));
      await page.getByRole("textbox", { name: "Password" }).fill(variable("QZ_PASSWORD"));
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("button", { name: "Halt trading" }).waitFor({ timeout: 30_000 });
    });
  },
});
