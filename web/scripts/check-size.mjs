// Holds the build to its bars: what a first visit transfers, and any part that is loaded later (gzip).
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const FIRST_LOAD = 300 * 1024;
const LAZY_PART = 70 * 1024;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

async function size(file) {
  return gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length;
}

/** The files that one chunk brings with it, its own included. */
function filesOf(key, found = new Set()) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const file of chunk.css ?? []) found.add(file);
  for (const inner of chunk.imports ?? []) filesOf(inner, found);
  return found;
}

// The first screen, signed in: the page's own code, the overview, and the overview's chart.
const first = new Set(["index.html"]);
for (const key of [
  "index.html",
  "src/screens/overview/overview.tsx",
  "src/charts/equity-chart.tsx",
]) {
  for (const file of filesOf(key)) first.add(file);
}

let total = 0;
for (const file of first) total += await size(file);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`first load with the overview's chart: ${kib(total)} of ${kib(FIRST_LOAD)} (gzip)`);

const faults = [];
if (total > FIRST_LOAD) faults.push(`first load was ${kib(total)}; it may be ${kib(FIRST_LOAD)}`);
for (const { file } of Object.values(manifest)) {
  const bytes = await size(file);
  if (!first.has(file) && bytes > LAZY_PART) {
    faults.push(`${file} was ${kib(bytes)}; a part loaded later may be ${kib(LAZY_PART)}`);
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
