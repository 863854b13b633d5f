// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/v1/backtests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the backtests
         * @description Newest first, with their headline figures.
         */
        get: operations["listBacktests"];
        put?: never;
        /**
         * Start a backtest
         * @description Computes a stored strategy or a document over the stored bars (202). The same request over the same bars is one backtest: when its result is there, it is the answer (200), and while it runs, nothing else is started. One that failed or was cancelled is started again.
         */
        post: operations["startBacktest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backtests/{backtest_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a backtest
         * @description Metrics, trades and equity when it is finished, with an address of the whole result that is open for five minutes.
         */
        get: operations["readBacktest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backtests/{backtest_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a backtest
         * @description Stops a backtest that is queued or running. Cancelling a cancelled one is success; one that has finished or failed is refused.
         */
        post: operations["cancelBacktest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the newest bars of an instrument
         * @description Oldest first, raw: not adjusted for splits, which are listed beside them.
         */
        get: operations["listBars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the decisions
         * @description Newest first, one for every strategy and bar, with the value of every node of its expressions.
         */
        get: operations["listDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions/{decision_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one decision
         * @description The decision that an order names as its decision_id.
         */
        get: operations["readDecision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tax lots and profit
         * @description Lots that are open, and what closing others brought, newest first, computed from the ledger's events. With a strategy: the lots of that strategy's own trades. Wash sales are flagged as a help, not as tax advice.
         */
        get: operations["listLots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots/named": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Name the lots that an order closes
         * @description For the method specific: said once for an order, before or at the sale; the rest goes by FIFO.
         */
        post: operations["nameLots"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the orders
         * @description Newest first. DENIED is a refusal by our own limits, REJECTED one by the broker; UNKNOWN waits for evidence from the broker.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Order by hand
         * @description Writes an order that passes the same controls as a strategy's (201); it is sent within seconds. An order that a control refuses is stored as DENIED with code, limit, value and reason. The same Idempotency-Key and body is the same order (200), another body with that key is refused with 409.
         */
        post: operations["orderByHand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order
         * @description All its terms and every step: when, from which state to which, what changed, why, and the broker's word it rests on.
         */
        get: operations["readOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description An order that was not sent is given up at once; one that was is marked, and the broker is asked within seconds and again until it is closed. Asking twice is success; an order that is over is refused.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_id}/replace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace an order
         * @description Writes an order that takes a working one's place, by the same controls as a new one, and answers it; it is sent within seconds. Refused by a control it is DENIED and the old order stays. The same changes again are the same order.
         */
        post: operations["replaceOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portfolio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the portfolio
         * @description Cash, equity at the newest closes, profit since the previous session's close, exposure and the equity at up to 1000 session closes and now.
         */
        get: operations["readPortfolio"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the positions
         * @description Every instrument held, by symbol, valued at its newest close.
         */
        get: operations["listPositions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the comparisons with the broker
         * @description Newest first: the verdict and each difference in orders, positions and cash.
         */
        get: operations["listReconciliations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliations/{reconciliation_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the broker as the truth
         * @description Corrects positions and cash to the broker's figures of that comparison, each with an event. Only administrators may; it is refused when the books have moved since. Nothing is traded.
         */
        post: operations["acceptReconciliation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the trading state and the limits
         * @description Whether the account, its strategies and its symbols trade, who stopped them and why, how much of each limit is used and left, and which changes wait.
         */
        get: operations["readRisk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/risk/flatten": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave every position
         * @description Stops entries (REDUCING), cancels what works and writes a market exit for each strategy's part of each position; they are sent within seconds. What could not be cancelled in time is left: the same Idempotency-Key again goes on with it. Refused while trading is HALTED. Only administrators may.
         */
        post: operations["flattenAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/risk/halt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Halt trading
         * @description Stops every new order of the account, of one strategy or of one symbol from the next decision on. Halting what is halted is success.
         */
        post: operations["haltTrading"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/risk/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change limits
         * @description Tightens at once. What loosens a limit needs a sign-in of the last five minutes, takes effect later (effective_at) and never passes the deployment's ceiling. Only administrators may.
         */
        post: operations["changeLimits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/risk/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume trading
         * @description Lets decisions become orders again. Only administrators may; it needs the ledger to match the broker.
         */
        post: operations["resumeTrading"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the health of the services
         * @description When each part last succeeded and whether it is late, and the newest alerts.
         */
        get: operations["readServiceHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the strategies
         * @description Every strategy by name, with the version that trades.
         */
        get: operations["listStrategies"];
        put?: never;
        /**
         * Store a strategy document
         * @description Stores the document as the next version of the strategy it names (201). The same document as the newest version is answered with that version (200). A new version does not trade until it is enabled.
         */
        post: operations["createStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/strategies/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a strategy document
         * @description Stores nothing. Every fault points at a line and a column of the text as sent.
         */
        post: operations["validateStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/strategies/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a strategy
         * @description One version with its document as the author wrote it; the newest when no version is asked for.
         */
        get: operations["readStrategy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/strategies/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a strategy
         * @description It decides nothing from the next bar on; its orders and positions stay as they are.
         */
        post: operations["disableStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/strategies/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a strategy trade
         * @description The version asked for, or the newest, trades from the next bar on. Refused while trading is halted.
         */
        post: operations["enableStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AcceptRequest
         * @description Why the broker is right: it is written into every correction.
         */
        AcceptRequest: {
            /** Reason */
            reason: string;
        };
        /** AccountProfit */
        AccountProfit: {
            /**
             * Basis
             * @example 1234.56
             */
            basis: string;
            /**
             * Disallowed
             * @example 1234.56
             */
            disallowed: string;
            /**
             * Dividends
             * @example 1234.56
             */
            dividends: string;
            /**
             * Fees
             * @example 1234.56
             */
            fees: string;
            /**
             * Other
             * @example 1234.56
             */
            other: string;
            /**
             * Realised
             * @example 1234.56
             */
            realised: string;
            /** Unrealised */
            unrealised: string | null;
        };
        /** Alert */
        Alert: {
            /** Id */
            id: string;
            /** Message */
            message: string;
            /**
             * Severity
             * @enum {string}
             */
            severity: "info" | "warning" | "critical";
            /**
             * Time
             * @example 2005-02-28T21:00:00Z
             */
            time: string;
        };
        /**
         * BacktestBars
         * @description The stored bars that the result is of: how many, and when the first and the last closed.
         */
        BacktestBars: {
            /** Bars */
            bars: number;
            /** First */
            first: string | null;
            /** Last */
            last: string | null;
        };
        /**
         * BacktestDetail
         * @description A backtest with what a page draws; empty while it is not finished.
         *
         *     equity holds at most 2,000 points (highs and lows are kept) and trades the newest 2,000; notes
         *     say so when something was left out. data and snapshot (SHA-256) name the bars that were read.
         *     result_url gives the whole result as JSON, report_url the report; both are open for five
         *     minutes to whoever holds them.
         */
        BacktestDetail: {
            /** Data */
            data: {
                [key: string]: components["schemas"]["BacktestBars"];
            };
            /** Document */
            document: string;
            /** Equity */
            equity: components["schemas"]["EquityPoint"][];
            /** Metric Reasons */
            metric_reasons: {
                [key: string]: string;
            };
            /** Metric Units */
            metric_units: {
                [key: string]: string;
            };
            /** Notes */
            notes: string[];
            /** Report Url */
            report_url: string | null;
            /** Result Url */
            result_url: string | null;
            /** Snapshot */
            snapshot: string | null;
            summary: components["schemas"]["BacktestSummary"];
            /** Trades */
            trades: components["schemas"]["BacktestTrade"][];
        };
        /**
         * BacktestList
         * @description Newest first; next_cursor continues the listing and is null on the last page.
         */
        BacktestList: {
            /** Backtests */
            backtests: components["schemas"]["BacktestSummary"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * BacktestRequest
         * @description Either the name of a stored strategy (its newest version unless one is given) or a document.
         *
         *     symbols replaces the document's universe; from and to are dates of the exchange, both included;
         *     calendar is the document's and limits the preset's unless given; account means the limits of a
         *     new account; afresh computes again what has a result, as after older bars were added or corrected.
         */
        BacktestRequest: {
            /**
             * Accept Gaps
             * @default false
             */
            accept_gaps: boolean;
            /**
             * Afresh
             * @default false
             */
            afresh: boolean;
            /** Calendar */
            calendar?: ("XNYS" | "none") | null;
            /**
             * Cash
             * @default 100000
             * @example 100000
             */
            cash: string;
            /**
             * Convention
             * @default default
             * @enum {string}
             */
            convention: "default" | "empyrical" | "quantstats" | "lean" | "backtesting_py";
            /** Document */
            document?: string | null;
            /** From */
            from?: string | null;
            /** Limits */
            limits?: ("none" | "account") | null;
            /** Parameters */
            parameters?: {
                [key: string]: string;
            };
            /**
             * Preset
             * @default default
             * @enum {string}
             */
            preset: "default" | "backtesting_py" | "lean" | "zipline" | "freqtrade" | "replay";
            /** Strategy */
            strategy?: string | null;
            /** Symbols */
            symbols?: string[] | null;
            /** To */
            to?: string | null;
            /** Version */
            version?: number | null;
        };
        /**
         * BacktestSummary
         * @description One backtest. progress is 0 to 1; code and message say why it failed.
         *
         *     key names the result: equal keys mean equal results. The figures are null until it is finished;
         *     metrics that are undefined are null, their reasons are in the detail. trials counts the distinct
         *     results this strategy has been tried with, and deflated_sharpe is the probability that its
         *     Sharpe ratio is above the best that so many tries of luck would show.
         */
        BacktestSummary: {
            /** Ambiguous Trades */
            ambiguous_trades: number | null;
            /** Bars */
            bars: number | null;
            /** Calendar */
            calendar: string | null;
            /**
             * Cash
             * @example 1234.56
             */
            cash: string;
            /**
             * Changed At
             * @example 2005-02-28T21:00:00Z
             */
            changed_at: string;
            /** Code */
            code: string | null;
            /** Convention */
            convention: string;
            /** Deflated Sharpe */
            deflated_sharpe: number | null;
            /** Final Equity */
            final_equity: string | null;
            /** From Date */
            from_date: string | null;
            /** Id */
            id: string;
            /** Key */
            key: string | null;
            /** Limits */
            limits: string | null;
            /** Message */
            message: string | null;
            /** Metrics */
            metrics: {
                [key: string]: string | number | null;
            };
            /** Orders */
            orders: number | null;
            /** Parameters */
            parameters: {
                [key: string]: string;
            };
            /** Preset */
            preset: string;
            /** Progress */
            progress: number;
            /** Refusals */
            refusals: number | null;
            /**
             * Requested At
             * @example 2005-02-28T21:00:00Z
             */
            requested_at: string;
            /** Requested By */
            requested_by: string;
            /** Seconds */
            seconds: number | null;
            /** Stage */
            stage: string;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "cancelling" | "finished" | "failed" | "cancelled";
            /** Strategy */
            strategy: string;
            /** Symbols */
            symbols: string[];
            /** To Date */
            to_date: string | null;
            /** Trades */
            trades: number | null;
            /** Trials */
            trials: number | null;
            /** Version */
            version: number | null;
        };
        /**
         * BacktestTrade
         * @description One closed round trip; prices and quantity as decimal strings, never rounded.
         */
        BacktestTrade: {
            /** Ambiguous */
            ambiguous: boolean;
            /**
             * Entry Price
             * @example 1234.56
             */
            entry_price: string;
            /**
             * Entry Time
             * @example 2005-02-28T21:00:00Z
             */
            entry_time: string;
            /**
             * Exit Price
             * @example 1234.56
             */
            exit_price: string;
            /**
             * Exit Time
             * @example 2005-02-28T21:00:00Z
             */
            exit_time: string;
            /**
             * Fees
             * @example 1234.56
             */
            fees: string;
            /**
             * Profit
             * @example 1234.56
             */
            profit: string;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
            /** Reason */
            reason: string;
            /**
             * Side
             * @enum {string}
             */
            side: "long" | "short";
            /** Symbol */
            symbol: string;
        };
        /**
         * BarList
         * @description Oldest first. Prices are raw: not adjusted for splits, which are listed with their exchange
         *     dates.
         */
        BarList: {
            /** Bars */
            bars: components["schemas"]["BarView"][];
            /** Splits */
            splits: components["schemas"]["SplitView"][];
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            /** Timeframe */
            timeframe: string;
        };
        /** BarView */
        BarView: {
            /**
             * Close
             * @example 1234.56
             */
            close: string;
            /**
             * Closes At
             * @example 2005-02-28T21:00:00Z
             */
            closes_at: string;
            /**
             * High
             * @example 1234.56
             */
            high: string;
            /**
             * Low
             * @example 1234.56
             */
            low: string;
            /**
             * Open
             * @example 1234.56
             */
            open: string;
            /**
             * Opens At
             * @example 2005-02-28T21:00:00Z
             */
            opens_at: string;
            /** Volume */
            volume: number;
        };
        /** DecisionList */
        DecisionList: {
            /** Decisions */
            decisions: components["schemas"]["DecisionView"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * DecisionView
         * @description Why a strategy did or did not act on a bar; values by the source text of each node (null in
         *     warm-up).
         */
        DecisionView: {
            /**
             * Action
             * @enum {string}
             */
            action: "enter_long" | "exit_long" | "enter_short" | "exit_short" | "hold";
            /**
             * Closes At
             * @example 2005-02-28T21:00:00Z
             */
            closes_at: string;
            /** Id */
            id: string;
            /**
             * Position
             * @example 1234.56
             */
            position: string;
            /**
             * Price
             * @example 1234.56
             */
            price: string;
            /** Reason */
            reason: string;
            /** Strategy */
            strategy: string;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            /** Timeframe */
            timeframe: string;
            /** Values */
            values: {
                [key: string]: number | boolean | null;
            };
            /** Version */
            version: number;
        };
        /**
         * DocumentProblem
         * @description One fault of a document; line and column count from 1 in the text as sent and point at the
         *     character.
         */
        DocumentProblem: {
            /** Column */
            column: number;
            /** Line */
            line: number;
            /** Message */
            message: string;
            /** Nearest */
            nearest?: string | null;
            /** Path */
            path: string;
        };
        /**
         * EnableRequest
         * @description Which stored version trades; the latest when absent.
         */
        EnableRequest: {
            /** Version */
            version?: number | null;
        };
        /**
         * EquityPoint
         * @description The account's equity at one session's close.
         */
        EquityPoint: {
            /**
             * Equity
             * @example 1234.56
             */
            equity: string;
            /**
             * Time
             * @example 2005-02-28T21:00:00Z
             */
            time: string;
        };
        /**
         * ErrorBody
         * @description Every refusal: a stable code, a sentence for a person, the field when one is at fault, the
         *     request's id.
         */
        ErrorBody: {
            /** Code */
            code: string;
            /** Field */
            field?: string | null;
            /** Message */
            message: string;
            /** Request Id */
            request_id: string;
        };
        /**
         * FlattenAnswer
         * @description The exits, one for each strategy's part of a position, and what is left; the same request again goes on.
         */
        FlattenAnswer: {
            /** Left */
            left: components["schemas"]["LeftPosition"][];
            /** Orders */
            orders: components["schemas"]["Order"][];
            risk: components["schemas"]["RiskState"];
        };
        /**
         * FlattenRequest
         * @description Why every position is to be left.
         */
        FlattenRequest: {
            /** Reason */
            reason: string;
        };
        /**
         * HaltRequest
         * @description Why to stop, and what: the account, or one strategy or symbol. REDUCING still lets exits through; HALTED, which
         *     is meant when no state is given, nothing.
         */
        HaltRequest: {
            /** Reason */
            reason: string;
            /** State */
            state?: ("REDUCING" | "HALTED") | null;
            /** Strategy */
            strategy?: string | null;
            /** Symbol */
            symbol?: string | null;
        };
        /**
         * LeftPosition
         * @description A part of a position without an exit, and why; strategy is null for what belongs to none.
         */
        LeftPosition: {
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
            /** Reason */
            reason: string;
            /** Strategy */
            strategy: string | null;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
        };
        /**
         * LimitChangeView
         * @description A step of a change of a limit: pending until effective_at, applied with the version of the limits that it
         *     made, or withdrawn for a newer change or a ceiling.
         */
        LimitChangeView: {
            /**
             * Asked At
             * @example 2005-02-28T21:00:00Z
             */
            asked_at: string;
            /** Author */
            author: string;
            /**
             * Effective At
             * @example 2005-02-28T21:00:00Z
             */
            effective_at: string;
            /**
             * Name
             * @enum {string}
             */
            name: "gross_exposure" | "net_exposure" | "symbol_exposure" | "sector_exposure" | "strategy_exposure" | "order_value" | "order_quantity" | "price_collar_percent" | "spread_percent" | "drift_percent" | "quote_seconds" | "duplicate_seconds" | "messages_per_minute" | "strategy_messages_per_minute" | "executions_per_day" | "daily_loss_percent" | "drawdown_percent" | "open_orders" | "positions" | "consecutive_rejects" | "reconcile_minutes" | "haircut_percent" | "session" | "short_selling" | "restricted" | "strategies" | "sectors";
            /** New */
            new: string;
            /** Old */
            old: string;
            /** Reason */
            reason: string;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "applied" | "withdrawn";
            /** Version */
            version: number | null;
        };
        /**
         * LimitUse
         * @description One limit in words. used is what it bounds now and distance what is left, for limits that bound a standing
         *     amount; of limits by symbol or strategy it is the greatest, named by subject.
         */
        LimitUse: {
            /** Distance */
            distance: string | null;
            /** Limit */
            limit: string;
            /**
             * Name
             * @enum {string}
             */
            name: "gross_exposure" | "net_exposure" | "symbol_exposure" | "sector_exposure" | "strategy_exposure" | "order_value" | "order_quantity" | "price_collar_percent" | "spread_percent" | "drift_percent" | "quote_seconds" | "duplicate_seconds" | "messages_per_minute" | "strategy_messages_per_minute" | "executions_per_day" | "daily_loss_percent" | "drawdown_percent" | "open_orders" | "positions" | "consecutive_rejects" | "reconcile_minutes" | "haircut_percent" | "session" | "short_selling" | "restricted" | "strategies" | "sectors";
            /** Subject */
            subject: string | null;
            /** Used */
            used: string | null;
        };
        /**
         * LimitValue
         * @description A limit and its new value: a number, `none` for no limit, or words (session: any, extended, regular;
         *     short_selling: yes, no; restricted and strategies: a comma list; sectors: AAPL=technology,XOM=energy).
         */
        LimitValue: {
            /**
             * Name
             * @enum {string}
             */
            name: "gross_exposure" | "net_exposure" | "symbol_exposure" | "sector_exposure" | "strategy_exposure" | "order_value" | "order_quantity" | "price_collar_percent" | "spread_percent" | "drift_percent" | "quote_seconds" | "duplicate_seconds" | "messages_per_minute" | "strategy_messages_per_minute" | "executions_per_day" | "daily_loss_percent" | "drawdown_percent" | "open_orders" | "positions" | "consecutive_rejects" | "reconcile_minutes" | "haircut_percent" | "session" | "short_selling" | "restricted" | "strategies" | "sectors";
            /**
             * Value
             * @example 25000
             */
            value: string;
        };
        /**
         * LimitsAnswer
         * @description What became of each change, and the state after it.
         */
        LimitsAnswer: {
            /** Changes */
            changes: components["schemas"]["LimitChangeView"][];
            risk: components["schemas"]["RiskState"];
        };
        /**
         * LimitsRequest
         * @description What to change and why. What tightens works at once; what loosens works later.
         */
        LimitsRequest: {
            /** Changes */
            changes: components["schemas"]["LimitValue"][];
            /** Reason */
            reason: string;
        };
        /**
         * LotDifference
         * @description A symbol whose lots do not add up to the ledger's position: events of it are missing.
         */
        LotDifference: {
            /**
             * Ledger
             * @example 1234.56
             */
            ledger: string;
            /**
             * Lots
             * @example 1234.56
             */
            lots: string;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
        };
        /**
         * LotList
         * @description Newest first; next_cursor continues the listing and is null on the last page. The sums are of all lots, whatever
         *     the filters chose.
         */
        LotList: {
            account: components["schemas"]["AccountProfit"];
            /** Differences */
            differences: components["schemas"]["LotDifference"][];
            /** Lots */
            lots: components["schemas"]["LotView"][];
            /**
             * Method
             * @enum {string}
             */
            method: "fifo" | "lifo" | "hifo" | "specific";
            /** Next Cursor */
            next_cursor: string | null;
            /** Strategies */
            strategies: components["schemas"]["StrategyProfit"][];
            /** Symbols */
            symbols: components["schemas"]["SymbolProfit"][];
        };
        /**
         * LotView
         * @description A lot that is open, or what one sale (of a short lot: one purchase) closed of a lot.
         *
         *     cost is what was paid and proceeds what was received, fees included; profit is their difference, of an open lot at
         *     the newest close (null when none is known). strategy is that of the order that opened the lot, null for what the
         *     account held when its books were opened. wash_sale is null in the books of one strategy.
         */
        LotView: {
            /** Closed At */
            closed_at: string | null;
            /** Closed By */
            closed_by: string | null;
            /** Cost */
            cost: string | null;
            /** Id */
            id: string;
            /** Long Term */
            long_term: boolean | null;
            /**
             * Opened At
             * @example 2005-02-28T21:00:00Z
             */
            opened_at: string;
            /** Opened By */
            opened_by: string | null;
            /** Price */
            price: string | null;
            /** Proceeds */
            proceeds: string | null;
            /** Profit */
            profit: string | null;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
            /**
             * Side
             * @enum {string}
             */
            side: "long" | "short";
            /**
             * State
             * @enum {string}
             */
            state: "open" | "closed";
            /** Strategy */
            strategy: string | null;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            wash_sale: components["schemas"]["WashSaleView"] | null;
        };
        /**
         * ManualOrderRequest
         * @description Exactly one of quantity and notional (an amount of money). limit_price and stop_price go with the type;
         *     trail_price (money) or trail_percent with trailing_stop.
         *
         *     strategy is the name under which the shares are booked. Every strategy has its own part of the account's position;
         *     so has "manual", which no strategy trades. An order changes the part of its name alone: a sell closes at most what
         *     that part holds, a buy closes its short position before it opens a long one.
         *
         *     take_profit_price, stop_loss_price (with stop_loss_limit_price: a stop-limit order) and stop_loss_trail_price
         *     (money) or stop_loss_trail_percent, how far a stop follows the best price, protect what the order opens: they are
         *     orders for what it has filled, of which one takes the other away. opens_short: the sell may open a short position.
         */
        ManualOrderRequest: {
            /**
             * Extended Hours
             * @default false
             */
            extended_hours: boolean;
            /** Limit Price */
            limit_price?: string | null;
            /** Notional */
            notional?: string | null;
            /**
             * Opens Short
             * @default false
             */
            opens_short: boolean;
            /**
             * Order Type
             * @default market
             * @enum {string}
             */
            order_type: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
            /** Quantity */
            quantity?: string | null;
            /**
             * Side
             * @enum {string}
             */
            side: "buy" | "sell";
            /** Stop Loss Limit Price */
            stop_loss_limit_price?: string | null;
            /** Stop Loss Price */
            stop_loss_price?: string | null;
            /** Stop Loss Trail Percent */
            stop_loss_trail_percent?: string | null;
            /** Stop Loss Trail Price */
            stop_loss_trail_price?: string | null;
            /** Stop Price */
            stop_price?: string | null;
            /**
             * Strategy
             * @default manual
             * @example sma-cross
             */
            strategy: string;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            /** Take Profit Price */
            take_profit_price?: string | null;
            /**
             * Time In Force
             * @default day
             * @enum {string}
             */
            time_in_force: "day" | "gtc" | "opg" | "cls" | "ioc" | "fok";
            /** Trail Percent */
            trail_percent?: string | null;
            /** Trail Price */
            trail_price?: string | null;
        };
        /**
         * Method
         * @description Which lots a closing takes. HIFO takes the dearest first (of a short holding the cheapest): the least profit.
         *
         *     SPECIFIC takes the lots that were named for the closing order, and by FIFO what was not named.
         * @enum {string}
         */
        Method: "fifo" | "lifo" | "hifo" | "specific";
        /**
         * NameLotsRequest
         * @description The lots that an order closes, for specific identification; the rest goes by FIFO. Said once, before or at the
         *     sale, as IRS Publication 550 asks.
         */
        NameLotsRequest: {
            /** Lots */
            lots: components["schemas"]["NamedLot"][];
            /** Order */
            order: string;
        };
        /** NamedLot */
        NamedLot: {
            /** Lot */
            lot: string;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
        };
        /** NamedLots */
        NamedLots: {
            /** Lots */
            lots: components["schemas"]["NamedLot"][];
            /** Order */
            order: string;
        };
        /**
         * Order
         * @description One order of the ledger. state is the ledger's (INTENT, SUBMITTING, UNKNOWN, ACCEPTED,
         *     PARTIAL, FILLED, CANCELED, EXPIRED, REPLACED, REJECTED, DENIED, ABANDONED); code and reason are
         *     set on a refusal, limit and value when it compared two numbers. Of an entry, take_profit_price
         *     and stop_loss_price are what its legs were asked to stand at; a leg names its entry as parent.
         *     held: it waits here for its price; rests: it waits for it at the broker.
         */
        Order: {
            /** Average Fill Price */
            average_fill_price: string | null;
            /** Broker Order Id */
            broker_order_id: string | null;
            /** Cancel Requested */
            cancel_requested: boolean;
            /** Client Order Id */
            client_order_id: string;
            /** Code */
            code: string | null;
            /**
             * Created At
             * @example 2005-02-28T21:00:00Z
             */
            created_at: string;
            /** Decision Id */
            decision_id: string;
            /** Filled At */
            filled_at: string | null;
            /**
             * Filled Quantity
             * @example 1234.56
             */
            filled_quantity: string;
            /** Held */
            held: boolean;
            /**
             * Leg
             * @enum {string}
             */
            leg: "entry" | "exit" | "stop" | "target" | "time" | "manual" | "liquidation";
            /** Limit */
            limit: string | null;
            /** Limit Price */
            limit_price: string | null;
            /** Notional */
            notional: string | null;
            /**
             * Order Type
             * @enum {string}
             */
            order_type: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
            /** Parent */
            parent: string | null;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
            /** Reason */
            reason: string | null;
            /** Rests */
            rests: boolean;
            /**
             * Side
             * @enum {string}
             */
            side: "buy" | "sell";
            /** State */
            state: string;
            /** Stop Loss Price */
            stop_loss_price: string | null;
            /** Stop Price */
            stop_price: string | null;
            /** Strategy */
            strategy: string;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            /** Take Profit Price */
            take_profit_price: string | null;
            /** Time In Force */
            time_in_force: string;
            /** Trail Percent */
            trail_percent: string | null;
            /** Trail Price */
            trail_price: string | null;
            /** Value */
            value: string | null;
        };
        /**
         * OrderDetail
         * @description An order with all its terms and every step of it, the first one first. replaced_by is the order that took its
         *     place or is to take it.
         */
        OrderDetail: {
            /** Attempts */
            attempts: number;
            /** Events */
            events: components["schemas"]["OrderEventView"][];
            /** Extended Hours */
            extended_hours: boolean;
            /** Opens Short */
            opens_short: boolean;
            order: components["schemas"]["Order"];
            /**
             * Origin
             * @enum {string}
             */
            origin: "strategy" | "manual" | "protective" | "external";
            /** Reduce Only */
            reduce_only: boolean;
            /** Replaced By */
            replaced_by: string | null;
            /** Replaces */
            replaces: string | null;
            /**
             * Reserved Value
             * @example 1234.56
             */
            reserved_value: string;
            /** Stop Loss Limit Price */
            stop_loss_limit_price: string | null;
            /** Version */
            version: number;
        };
        /**
         * OrderEventView
         * @description One step of an order. from_state is null at its beginning. filled_quantity and fill_price are what this step
         *     filled. reason is set where this step gave one. claim names who took the sole right to send; broker_order_id and
         *     broker_time are the broker's word that the step rests on.
         */
        OrderEventView: {
            /**
             * At
             * @example 2005-02-28T21:00:00Z
             */
            at: string;
            /** Broker Order Id */
            broker_order_id: string | null;
            /** Broker Time */
            broker_time: string | null;
            /** Changes */
            changes: string[];
            /** Claim */
            claim: string | null;
            /** Code */
            code: string | null;
            /** Event */
            event: string;
            /** Fill Price */
            fill_price: string | null;
            /** Filled Quantity */
            filled_quantity: string | null;
            /** From State */
            from_state: string | null;
            /** Reason */
            reason: string | null;
            /** To State */
            to_state: string;
            /** Version */
            version: number;
        };
        /**
         * OrderList
         * @description Newest first; next_cursor continues the listing and is null on the last page.
         */
        OrderList: {
            /** Next Cursor */
            next_cursor: string | null;
            /** Orders */
            orders: components["schemas"]["Order"][];
        };
        /**
         * OrderState
         * @description Ledger states. DENIED is our refusal before any send, REJECTED the broker's; UNKNOWN waits for evidence.
         * @enum {string}
         */
        OrderState: "INTENT" | "SUBMITTING" | "UNKNOWN" | "ACCEPTED" | "PARTIAL" | "FILLED" | "CANCELED" | "EXPIRED" | "REPLACED" | "REJECTED" | "DENIED" | "ABANDONED";
        /**
         * Portfolio
         * @description The account now. day_profit compares with the equity at the previous session's close.
         */
        Portfolio: {
            /** Account */
            account: string;
            /**
             * Cash
             * @example 1234.56
             */
            cash: string;
            /**
             * Day Profit
             * @example 1234.56
             */
            day_profit: string;
            /**
             * Equity
             * @example 1234.56
             */
            equity: string;
            /** Equity Curve */
            equity_curve: components["schemas"]["EquityPoint"][];
            /**
             * Gross Exposure
             * @example 1234.56
             */
            gross_exposure: string;
            /** Market Time */
            market_time: string | null;
            /**
             * Net Exposure
             * @example 1234.56
             */
            net_exposure: string;
            /**
             * Stage
             * @enum {string}
             */
            stage: "local" | "paper" | "live";
        };
        /**
         * Position
         * @description One held instrument. price is the newest close; stale says that it is older than two bars of
         *     market time.
         */
        Position: {
            /**
             * Average Price
             * @example 1234.56
             */
            average_price: string;
            /**
             * Market Value
             * @example 1234.56
             */
            market_value: string;
            /**
             * Price
             * @example 1234.56
             */
            price: string;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
            /** Stale */
            stale: boolean;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            /**
             * Unrealised Profit
             * @example 1234.56
             */
            unrealised_profit: string;
        };
        /** PositionList */
        PositionList: {
            /** Positions */
            positions: components["schemas"]["Position"][];
        };
        /**
         * ReconciliationDifference
         * @description One thing on which ledger and broker differ; subject is a symbol, an order's id or cash. ledger
         *     and broker are quantities, or money for cash, and null for an order.
         */
        ReconciliationDifference: {
            /** Broker */
            broker: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "order" | "position" | "cash";
            /** Ledger */
            ledger: string | null;
            /** Subject */
            subject: string;
            /** Text */
            text: string;
        };
        /**
         * ReconciliationList
         * @description Newest first; next_cursor continues the listing and is null on the last page.
         */
        ReconciliationList: {
            /** Next Cursor */
            next_cursor: string | null;
            /** Reconciliations */
            reconciliations: components["schemas"]["ReconciliationView"][];
        };
        /**
         * ReconciliationView
         * @description One comparison. no_verdict says that the broker could not be read whole, and reason why;
         *     external counts orders that somebody else made in the account. difference_count counts all
         *     differences, differences holds the first hundred. accepted_by made the broker's figures the truth.
         */
        ReconciliationView: {
            /** Accepted At */
            accepted_at: string | null;
            /** Accepted By */
            accepted_by: string | null;
            /** Accepted Reason */
            accepted_reason: string | null;
            /**
             * At
             * @example 2005-02-28T21:00:00Z
             */
            at: string;
            /** Difference Count */
            difference_count: number;
            /** Differences */
            differences: components["schemas"]["ReconciliationDifference"][];
            /** External */
            external: number;
            /**
             * Id
             * @example 20261123T150500.000250Z
             */
            id: string;
            /** Market Time */
            market_time: string | null;
            /** Orders */
            orders: number;
            /** Positions */
            positions: number;
            /** Reason */
            reason: string | null;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "clean" | "differs" | "no_verdict";
        };
        /**
         * ReplaceRequest
         * @description What is to be different about a working order; what is left out stays. quantity is what the new order may fill,
         *     trail the distance of a trailing stop in the unit it has.
         */
        ReplaceRequest: {
            /** Limit Price */
            limit_price?: string | null;
            /** Quantity */
            quantity?: string | null;
            /** Stop Price */
            stop_price?: string | null;
            /** Time In Force */
            time_in_force?: ("day" | "gtc" | "opg" | "cls" | "ioc" | "fok") | null;
            /** Trail */
            trail?: string | null;
        };
        /**
         * Replacement
         * @description A lot that replaced shares sold at a loss, and how many of them, in shares of the day of the sale.
         */
        Replacement: {
            /** Lot */
            lot: string;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
        };
        /**
         * ResumeRequest
         * @description Why trading may go on, for the record, and what resumes: the account, or one strategy or symbol.
         */
        ResumeRequest: {
            /**
             * Reason
             * @default resumed
             */
            reason: string;
            /** Strategy */
            strategy?: string | null;
            /** Symbol */
            symbol?: string | null;
        };
        /**
         * RiskState
         * @description The account's trading state, its limits and how much of each is used. message says what
         *     still works. broker_buying_power is the broker's word of the last clean comparison, at that machine time.
         */
        RiskState: {
            /** Broker Buying Power */
            broker_buying_power: string | null;
            /** Broker Buying Power At */
            broker_buying_power_at: string | null;
            /**
             * Gross Exposure Limit
             * @example 1234.56
             */
            gross_exposure_limit: string;
            /**
             * Gross Exposure Used
             * @example 1234.56
             */
            gross_exposure_used: string;
            /** Halted By */
            halted_by: string | null;
            /** History */
            history: components["schemas"]["LimitChangeView"][];
            /** Limits */
            limits: components["schemas"]["LimitUse"][];
            /** Limits Version */
            limits_version: number;
            /** Message */
            message: string;
            /**
             * Order Value Limit
             * @example 1234.56
             */
            order_value_limit: string;
            /** Pending */
            pending: components["schemas"]["LimitChangeView"][];
            /**
             * Price Collar Percent
             * @example 1234.56
             */
            price_collar_percent: string;
            /** Reason */
            reason: string | null;
            /** Scopes */
            scopes: components["schemas"]["ScopeState"][];
            /** Since */
            since: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "ACTIVE" | "REDUCING" | "HALTED";
            /**
             * Symbol Exposure Limit
             * @example 1234.56
             */
            symbol_exposure_limit: string;
        };
        /**
         * ScopeState
         * @description The state of one strategy or one symbol, where it is not the account's.
         */
        ScopeState: {
            /** Changed By */
            changed_by: string | null;
            /** Reason */
            reason: string | null;
            /** Since */
            since: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "REDUCING" | "HALTED";
            /** Strategy */
            strategy: string | null;
            /** Symbol */
            symbol: string | null;
        };
        /**
         * ServiceHealth
         * @description market_clock is `replay` when market time comes from replayed data: then lateness by machine
         *     time is not judged.
         */
        ServiceHealth: {
            /** Alerts */
            alerts: components["schemas"]["Alert"][];
            /**
             * Market Clock
             * @enum {string}
             */
            market_clock: "machine" | "replay";
            /** Market Time */
            market_time: string | null;
            /** Services */
            services: components["schemas"]["ServiceState"][];
            /**
             * Status
             * @enum {string}
             */
            status: "healthy" | "degraded";
        };
        /**
         * ServiceState
         * @description When a part last succeeded; late says that it should have again by now.
         */
        ServiceState: {
            /** Detail */
            detail: string;
            /** Last Success */
            last_success: string | null;
            /** Late */
            late: boolean;
            /** Service */
            service: string;
        };
        /** SplitView */
        SplitView: {
            /** Ex Date */
            ex_date: string;
            /** New */
            new: number;
            /** Old */
            old: number;
        };
        /**
         * StrategyDetail
         * @description One version with its document as the author wrote it (YAML or JSON text).
         */
        StrategyDetail: {
            /** Document */
            document: string;
            summary: components["schemas"]["StrategySummary"];
            /** Version */
            version: number;
            /** Warm Up Bars */
            warm_up_bars: number;
        };
        /**
         * StrategyDocumentRequest
         * @description A strategy document, YAML or JSON, at most 64 KiB.
         */
        StrategyDocumentRequest: {
            /** Document */
            document: string;
        };
        /** StrategyList */
        StrategyList: {
            /** Strategies */
            strategies: components["schemas"]["StrategySummary"][];
        };
        /**
         * StrategyProfit
         * @description What one strategy's own trades brought; null is what belongs to none.
         */
        StrategyProfit: {
            /**
             * Basis
             * @example 1234.56
             */
            basis: string;
            /** Quantities */
            quantities: {
                [key: string]: string;
            };
            /**
             * Realised
             * @example 1234.56
             */
            realised: string;
            /** Strategy */
            strategy: string | null;
            /** Unrealised */
            unrealised: string | null;
        };
        /** StrategySummary */
        StrategySummary: {
            /** Enabled */
            enabled: boolean;
            /** Enabled Version */
            enabled_version: number | null;
            /** Latest Version */
            latest_version: number;
            /**
             * Name
             * @example sma-cross
             */
            name: string;
            /** Timeframe */
            timeframe: string;
            /** Universe */
            universe: string[];
            /**
             * Updated At
             * @example 2005-02-28T21:00:00Z
             */
            updated_at: string;
        };
        /** SymbolProfit */
        SymbolProfit: {
            /**
             * Basis
             * @example 1234.56
             */
            basis: string;
            /**
             * Disallowed
             * @example 1234.56
             */
            disallowed: string;
            /**
             * Dividends
             * @example 1234.56
             */
            dividends: string;
            /**
             * Quantity
             * @example 1234.56
             */
            quantity: string;
            /**
             * Realised
             * @example 1234.56
             */
            realised: string;
            /**
             * Symbol
             * @example AAPL
             */
            symbol: string;
            /** Unrealised */
            unrealised: string | null;
        };
        /** ValidationResult */
        ValidationResult: {
            /** Name */
            name: string | null;
            /** Problems */
            problems: components["schemas"]["DocumentProblem"][];
            /** Valid */
            valid: boolean;
            /** Warm Up Bars */
            warm_up_bars: number | null;
        };
        /**
         * WashSaleView
         * @description A loss that IRS Publication 550 may not allow, as far as the same symbol was acquired within 30 days.
         *
         *     A help to find such losses, not tax advice.
         */
        WashSaleView: {
            /**
             * Disallowed
             * @example 1234.56
             */
            disallowed: string;
            /** Replacements */
            replacements: components["schemas"]["Replacement"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listBacktests: {
        parameters: {
            query?: {
                /** @description At most so many on the page */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the backtests */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    startBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BacktestRequest"];
            };
        };
        responses: {
            /** @description Start a backtest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestSummary"];
                };
            };
            /** @description Start a backtest */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestSummary"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the backtest */
                backtest_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a backtest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    cancelBacktest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the backtest */
                backtest_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel a backtest */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BacktestSummary"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listBars: {
        parameters: {
            query: {
                /** @description The instrument */
                symbol: string;
                /** @description Length of a bar */
                timeframe?: "1m" | "5m" | "15m" | "30m" | "1h" | "1d" | "1w";
                /** @description At most so many bars */
                limit?: number;
                /** @description Only bars that closed by this time (ISO 8601 with a zone) */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the newest bars of an instrument */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BarList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listDecisions: {
        parameters: {
            query?: {
                /** @description Only decisions of this strategy */
                strategy?: string | null;
                /** @description Only decisions on this instrument */
                symbol?: string | null;
                /** @description At most so many on the page */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the decisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readDecision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the decision */
                decision_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read one decision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionView"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listLots: {
        parameters: {
            query?: {
                /** @description Only lots of this instrument */
                symbol?: string | null;
                /** @description Only open or only closed lots */
                state?: ("open" | "closed") | null;
                /** @description Only what this strategy traded, by its own books */
                strategy?: string | null;
                /** @description Which lots a sale closes; specific: those named for it */
                method?: components["schemas"]["Method"];
                /** @description At most so many on the page */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List tax lots and profit */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LotList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    nameLots: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameLotsRequest"];
            };
        };
        responses: {
            /** @description Name the lots that an order closes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamedLots"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description Only orders in this state */
                state?: components["schemas"]["OrderState"] | null;
                /** @description Only orders of this instrument */
                symbol?: string | null;
                /** @description At most so many on the page */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the orders */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    orderByHand: {
        parameters: {
            query?: never;
            header: {
                /** @description Names this request: a repetition with the same key is the same order. A UUID is a good one */
                "idempotency-key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ManualOrderRequest"];
            };
        };
        responses: {
            /** @description Order by hand */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            /** @description Order by hand */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Client order id */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Client order id */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancel an order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    replaceOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Client order id */
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplaceRequest"];
            };
        };
        responses: {
            /** @description Replace an order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readPortfolio: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the portfolio */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Portfolio"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listPositions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the positions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listReconciliations: {
        parameters: {
            query?: {
                /** @description At most so many on the page */
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the comparisons with the broker */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    acceptReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identifier of the comparison */
                reconciliation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptRequest"];
            };
        };
        responses: {
            /** @description Accept the broker as the truth */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationView"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readRisk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the trading state and the limits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RiskState"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    flattenAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description Names this request: a repetition with the same key is the same order. A UUID is a good one */
                "idempotency-key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlattenRequest"];
            };
        };
        responses: {
            /** @description Leave every position */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlattenAnswer"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    haltTrading: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HaltRequest"];
            };
        };
        responses: {
            /** @description Halt trading */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RiskState"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    changeLimits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsRequest"];
            };
        };
        responses: {
            /** @description Change limits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsAnswer"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    resumeTrading: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResumeRequest"] | null;
            };
        };
        responses: {
            /** @description Resume trading */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RiskState"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readServiceHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read the health of the services */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceHealth"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    listStrategies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the strategies */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyList"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    createStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StrategyDocumentRequest"];
            };
        };
        responses: {
            /** @description Store a strategy document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyDetail"];
                };
            };
            /** @description Store a strategy document */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    validateStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StrategyDocumentRequest"];
            };
        };
        responses: {
            /** @description Check a strategy document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValidationResult"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    readStrategy: {
        parameters: {
            query?: {
                /** @description A stored version */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description Name of the strategy */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a strategy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyDetail"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    disableStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the strategy */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stop a strategy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategySummary"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    enableStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the strategy */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EnableRequest"] | null;
            };
        };
        responses: {
            /** @description Let a strategy trade */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategySummary"];
                };
            };
            /** @description Not signed in, or the token is not an access token of this page's client */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The groups of the user do not reach this operation */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing of that name is stored */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Understood, but the present state does not allow it; the message says what to do */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is larger than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The request is wrong; field names the part */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Something failed on our side */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A service behind the API did not answer; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
