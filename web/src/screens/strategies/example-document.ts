/** What the editor opens with: a whole strategy, so that the first check succeeds. */
export const EXAMPLE_DOCUMENT = `strategy: my-first-cross
version: 1
universe: [AAPL, MSFT]
timeframe: 1d
parameters:
  fast: {default: 10}
  slow: {default: 30}
signals:
  trend: sma(close, fast) - sma(close, slow)
entry: {long: "cross_above(trend, 0)"}
exit: {long: "cross_below(trend, 0)"}
sizing: {percent_of_equity: 10}
`;
