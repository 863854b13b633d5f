import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Rooms from inner to outer; each may import only the rooms before it. */
const rooms = ["ui", "auth", "api", "live", "charts", "screens", "app"];

const screens = ["overview", "trade", "strategies"];

/** Refuse, in one room, every import of a room further out. */
function direction(room) {
  const outer = rooms.slice(rooms.indexOf(room) + 1);
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${outer.join("|")})/`,
              message: `${room} is further in: move the shared part inwards, or pass it as a property.`,
            },
          ],
        },
      ],
    },
  };
}

/** Refuse, in one screen, every import of another screen. */
function independence(screen) {
  const others = screens.filter((name) => name !== screen);
  return {
    files: [`src/screens/${screen}/**/*.{ts,tsx}`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.\\./)+((screens/)?(${others.join("|")})|app)/`,
              message: "A screen does not import another screen or the app around it.",
            },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ["dist", "test-results", "playwright-report", "src/api/schema.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js", "scripts/*.mjs", "e2e/*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 12],
      "max-lines": ["error", 300],
      // A component's lines are mostly markup, one attribute a line; logic lives in smaller functions.
      "max-lines-per-function": ["error", { max: 90, skipBlankLines: true, skipComments: true }],
      "no-eval": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers in templates are how labels are written; everything else stays refused.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  ...rooms.slice(0, -1).map(direction),
  ...screens.map(independence),
  {
    // A suite is one function; its length says nothing.
    files: ["src/**/*.test.{ts,tsx}", "e2e/**"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    files: ["**/*.mjs", "eslint.config.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        ["process", "console", "URL", "Buffer", "fetch", "setTimeout"].map((n) => [n, "readonly"]),
      ),
    },
  },
);
