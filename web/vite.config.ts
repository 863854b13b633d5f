import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Which file of node_modules goes into which long-lived chunk of the first load. */
function vendorChunk(id: string): string | undefined {
  if (!id.includes("node_modules")) return undefined;
  if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return "react";
  if (/node_modules\/(@mantine|@floating-ui|clsx|react-remove-scroll|tabbable)/.test(id))
    return "mantine";
  if (/node_modules\/@tanstack\//.test(id)) return "tanstack";
  if (/node_modules\/(lightweight-charts|fancy-canvas)\//.test(id)) return "charts";
  return undefined;
}

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // Data URLs would need img-src and font-src exceptions in the content security policy.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { manualChunks: vendorChunk } },
  },
  server: { host: "127.0.0.1", strictPort: false },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
  },
});
