import type { components, operations } from "./schema";

type Schemas = components["schemas"];

export type Portfolio = Schemas["Portfolio"];
export type EquityPoint = Schemas["EquityPoint"];
export type Position = Schemas["Position"];
export type Order = Schemas["Order"];
export type OrderDetail = Schemas["OrderDetail"];
export type OrderEvent = Schemas["OrderEventView"];
export type OrderList = Schemas["OrderList"];
export type Decision = Schemas["DecisionView"];
export type DecisionList = Schemas["DecisionList"];
export type Bar = Schemas["BarView"];
export type BarList = Schemas["BarList"];
export type Split = Schemas["SplitView"];
export type StrategySummary = Schemas["StrategySummary"];
export type StrategyDetail = Schemas["StrategyDetail"];
export type DocumentProblem = Schemas["DocumentProblem"];
export type ValidationResult = Schemas["ValidationResult"];
export type RiskState = Schemas["RiskState"];
export type ServiceHealth = Schemas["ServiceHealth"];
export type ServiceState = Schemas["ServiceState"];
export type ServiceAlert = Schemas["Alert"];

/** States in which an order may still change at the broker. */
const WORKING = new Set(["INTENT", "SUBMITTING", "UNKNOWN", "ACCEPTED", "PARTIAL"]);

/** Whether the broker has the order or may yet get it now; one that is held waits here for its price. */
export function isWorking(order: Order): boolean {
  return WORKING.has(order.state) && !order.held;
}

/** The state as a reader is told it: an intent that waits here for its price is held. */
export function stateOf(order: Order): string {
  return order.held ? "HELD" : order.state;
}

export type Timeframe = NonNullable<operations["listBars"]["parameters"]["query"]["timeframe"]>;

const TIMEFRAMES: ReadonlySet<string> = new Set<Timeframe>([
  "1m",
  "5m",
  "15m",
  "30m",
  "1h",
  "1d",
  "1w",
]);

/** Return the text as a timeframe, or the day when it is none: addresses can be typed. */
export function timeframeFrom(text: string | undefined): Timeframe {
  return text !== undefined && TIMEFRAMES.has(text) ? (text as Timeframe) : "1d";
}
