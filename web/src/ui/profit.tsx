import { formatSignedMoney, formatSignedPercent, signOf } from "./format";

const ARROWS = { [-1]: "▼", 0: "", 1: "▲" } as const;
const TONES = { [-1]: "loss", 0: "flat", 1: "profit" } as const;

/** Show a profit or loss by colour, sign and arrow, so that colour alone never carries it. */
export function Profit({ amount, fraction }: { amount: string; fraction?: number | null }) {
  const sign = signOf(amount);
  return (
    <span className={`figure ${TONES[sign]}`}>
      {ARROWS[sign] && <span aria-hidden="true">{ARROWS[sign]} </span>}
      {formatSignedMoney(amount)}
      {fraction != null && ` (${formatSignedPercent(fraction)})`}
    </span>
  );
}
