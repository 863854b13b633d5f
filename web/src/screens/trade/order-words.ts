import type { Order } from "../../api/types";
import { formatPrice } from "../../ui/format";

type Worded = Pick<
  Order,
  | "order_type"
  | "time_in_force"
  | "limit_price"
  | "stop_price"
  | "trail_price"
  | "trail_percent"
  | "take_profit_price"
  | "stop_loss_price"
  | "leg"
  | "parent"
  | "held"
  | "rests"
>;

/** What kind of order it is, with the prices that it waits for: "limit 41.00, day", "target 44.00 or stop 38.00". */
export function orderKind(order: Worded): string {
  const sent = `${[order.order_type.replaceAll("_", " "), ...prices(order)].join(" ")}, ${order.time_in_force}`;
  const protects = protection(order);
  if (!protects) return sent;
  return order.held || order.rests ? protects : `${protects}: ${sent}`;
}

function prices(order: Worded): string[] {
  const told = [];
  if (order.stop_price !== null) told.push(formatPrice(order.stop_price));
  if (order.limit_price !== null) {
    told.push(`${order.stop_price === null ? "" : "limit "}${formatPrice(order.limit_price)}`);
  }
  if (order.trail_price !== null) told.push(`by ${formatPrice(order.trail_price)}`);
  if (order.trail_percent !== null) told.push(`by ${order.trail_percent} %`);
  return told;
}

/** What a leg waits for; nothing of an order that protects no other. */
function protection(order: Worded): string {
  if (order.parent === null || !["stop", "target", "time"].includes(order.leg)) return "";
  if (order.leg === "time") return "time stop";
  const waits = [];
  if (order.take_profit_price !== null) {
    waits.push(`target ${formatPrice(order.take_profit_price)}`);
  }
  if (order.stop_loss_price !== null) waits.push(`stop ${formatPrice(order.stop_loss_price)}`);
  return waits.join(" or ") || `${order.leg} ${prices(order).join(" ")}`.trim();
}
