/** Decimal texts as the API sends them, never turned into floats on the way to the screen. */

type DecimalText = Intl.StringNumericLiteral;

const MINUS = "\u2212";
const MISSING = "\u2014";

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  // "negative" prints a rounded-away loss as 0 instead of -0.
  const made = new Intl.NumberFormat("en-US", { signDisplay: "negative", ...options });
  formatters.set(key, made);
  return made;
}

function print(text: string, options: Intl.NumberFormatOptions): string {
  return formatter(options)
    .format(text as DecimalText)
    .replaceAll("-", MINUS);
}

/** Return -1, 0 or 1; a zero of any length and sign is 0. */
export function signOf(text: string): -1 | 0 | 1 {
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith("-") ? -1 : 1;
}

/** Print US dollars to the cent: "$1,234.50". */
export function formatMoney(text: string | null | undefined): string {
  if (text == null) return MISSING;
  return print(text, { style: "currency", currency: "USD" });
}

/** Print US dollars with a sign for everything but zero: "+$12.00", "−$3.10", "$0.00". */
export function formatSignedMoney(text: string): string {
  return print(text, { style: "currency", currency: "USD", signDisplay: "exceptZero" });
}

/** Print whole US dollars, for axes and tight places. */
export function formatWholeMoney(text: string): string {
  return print(text, { style: "currency", currency: "USD", maximumFractionDigits: 0 });
}

/** Print a price with at least two and at most four digits after the point. */
export function formatPrice(text: string | null | undefined): string {
  if (text == null) return MISSING;
  return print(text, { minimumFractionDigits: 2, maximumFractionDigits: 4 });
}

/** Print a quantity with the digits it has, at most nine after the point. */
export function formatQuantity(text: string | null | undefined): string {
  if (text == null) return MISSING;
  return print(text, { maximumFractionDigits: 9 });
}

/** Print the value of a strategy's node: a truth as a word, a warm-up as such, a number to six digits. */
export function formatNodeValue(value: number | boolean | null): string {
  if (value === null) return "warming up";
  if (typeof value === "boolean") return value ? "true" : "false";
  return formatter({ maximumSignificantDigits: 8 }).format(value).replaceAll("-", MINUS);
}

/** Return part / whole as a fraction, or null when the whole is zero. For bars and percentages only. */
export function ratioOf(part: string, whole: string): number | null {
  const divisor = Number(whole);
  return divisor === 0 ? null : Number(part) / divisor;
}

/** Print a fraction as a percentage with a sign for everything but zero: "+1.25%". */
export function formatSignedPercent(fraction: number): string {
  return formatter({
    style: "percent",
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: "exceptZero",
  })
    .format(fraction)
    .replaceAll("-", MINUS);
}

/** Print a fraction as a percentage: "42.1%". */
export function formatPercent(fraction: number): string {
  return formatter({ style: "percent", maximumFractionDigits: 1 })
    .format(fraction)
    .replaceAll("-", MINUS);
}

/** Print a count with its noun: "1 order", "2 orders". */
export function formatCount(count: number, noun: string): string {
  return `${formatter({}).format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
