// Writes src/api/schema.ts from the API's OpenAPI document; with --check says whether it is current.
// The document is docs/openapi.json of the repository; OPENAPI=<file> names another.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const document = process.env.OPENAPI
  ? pathToFileURL(process.env.OPENAPI)
  : new URL("../../docs/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.ts", import.meta.url);

const header = "// Generated from docs/openapi.json by `npm run generate`. Do not edit.\n\n";
const text = header + astToString(await openapiTS(document));

if (process.argv.includes("--check")) {
  const present = await readFile(target, "utf8").catch(() => "");
  if (present !== text) {
    console.error(
      `src/api/schema.ts differs from ${fileURLToPath(document)}: run "npm run generate" and commit it.`,
    );
    process.exit(1);
  }
  console.log("src/api/schema.ts is current.");
} else {
  await writeFile(target, text);
  console.log(`wrote ${fileURLToPath(target)}`);
}
