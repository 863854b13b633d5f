// Holds the build to its bars: what a first visit transfers, and any part that is loaded later (gzip).
import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const FIRST_LOAD = 300 * 1024;
const LAZY_PART = 70 * 1024;

const dist = new URL("../dist/", import.meta.url);
const page = await readFile(new URL("index.html", dist), "utf8");
const needed = new Set(
  [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((hit) => hit[1]),
);

const parts = (await readdir(new URL("assets/", dist)))
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => `assets/${name}`);
const sizes = new Map();
for (const part of parts)
  sizes.set(part, gzipSync(await readFile(new URL(part, dist)), { level: 9 }).length);

// The first screen, signed in: what the page names, the overview, and its chart.
const first = parts.filter(
  (part) => needed.has(part) || /\/(overview|equity-chart|charts)-/.test(part),
);
const total = first.reduce((sum, part) => sum + sizes.get(part), gzipSync(page).length);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

const faults = [];
if (total > FIRST_LOAD) faults.push(`first load was ${kib(total)}; it may be ${kib(FIRST_LOAD)}`);
for (const [part, size] of sizes) {
  if (!first.includes(part) && size > LAZY_PART) {
    faults.push(`${part} was ${kib(size)}; a part that is loaded later may be ${kib(LAZY_PART)}`);
  }
}
console.log(`first load with the overview's chart: ${kib(total)} of ${kib(FIRST_LOAD)} (gzip)`);
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
