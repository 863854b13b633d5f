/* The event simulation of a shared-cash portfolio. research/simulation/reference*.py is the same in
 * Python, function by function and in the same order of arithmetic: both come to the same bits.
 * docs/backtesting.md says the rules in words.
 */
#ifndef QUANTUMZERO_SIMULATION_H
#define QUANTUMZERO_SIMULATION_H

#include "kernel.h"

enum { ENTER_LONG = 1, EXIT_LONG = 2, ENTER_SHORT = 4, EXIT_SHORT = 8 };
enum { NEXT_OPEN, CLOSE, NEXT_CLOSE, QUOTE };
enum { MARKET, LIMIT, STOP, STOP_LIMIT, TRAILING, MARKET_ON_OPEN, MARKET_ON_CLOSE };
enum { DAY, GOOD_TIL_CANCELLED, IMMEDIATE_OR_CANCEL, FILL_OR_KILL };
enum { FRACTION_OF_EQUITY, QUANTITY, NOTIONAL, RISK_FRACTION };
enum {
    ZERO_SIZE,
    MAX_VALUE,
    EXPOSURE_GROSS,
    EXPOSURE_SYMBOL,
    BUYING_POWER,
    NOT_SHORTABLE,
    MAX_OPEN = 7,
    MAX_QTY = 8,
    TRADING_HALTED,
    TRADING_REDUCING,
    RESTRICTED,
    SESSION,
    LOSS_LIMIT,
    PRICE_COLLAR,
    EXPOSURE_NET,
    EXPOSURE_SECTOR,
    EXPOSURE_STRATEGY,
    EXEC_THROTTLE,
    LOSS_DRAWDOWN,
    HALTED_BY_DRAWDOWN,
    REDUCING_BY_DRAWDOWN,
    REDUCING_BY_THROTTLE,
    PRICE_DRIFT,
    OPEN_ORDERS
};
enum { ACTIVE, REDUCING, HALTED };
enum { SPLIT, DIVIDEND, DELISTED };
enum {
    ENTRY = 0,
    EXIT = 1,
    REBALANCE = 2,
    STOP_LOSS = 3,
    TAKE_PROFIT = 4,
    TRAILING_STOP = 5,
    TIME_STOP = 6,
    DELISTING = 8,
    MARGIN_CALL = 9,
    END = 10
};
enum { OPEN, FILLED, CANCELLED, EXPIRED, REJECTED };
/* How a fill stands in its bar: what of the bar came after it. */
enum { AT_OPEN, INSIDE_BY_LIMIT, INSIDE_BY_STOP, AT_CLOSE };

/* research/simulation/binding.py declares the same fields in the same order; each is 8 bytes. */
typedef struct {
    int64_t rows, instruments;
    const int64_t *time, *opens;
    const int32_t *session, *days, *month;
    const double *open, *high, *low, *close, *volume;
    const uint8_t *signals;
    const double *weights;
    const uint8_t *rebalance;
    const double *bid, *ask, *limit, *stop, *size;
    const double *stop_distance, *target_distance, *trail_distance, *volatility;
    const uint8_t *member;
    const uint8_t *restricted; /* of each instrument, as sector; closed is of each row */
    const int32_t *sector;
    const uint8_t *closed;
    int64_t happenings; /* sorted by row */
    const int64_t *happening_row, *happening_instrument, *happening_kind;
    const double *happening_value;
    const int64_t *detail_start, *detail_time;
    const double *detail_open, *detail_high, *detail_low, *detail_close, *detail_volume;
    double start_cash, amount, lot, participation;
    double stop_fraction, target_fraction, trail_fraction, entry_trail_fraction;
    double leverage, maintenance, limit_order_value, limit_gross, limit_symbol;
    double limit_quantity, limit_positions, limit_open_orders, limit_net, limit_sector;
    double limit_strategy, limit_collar, limit_drift, limit_daily_loss, limit_drawdown;
    double limit_executions, haircut;
    double drift_band, cash_buffer;
    int64_t fill_at, order_kind, life, size_by, size_at_fill, time_stop_bars;
    int64_t gap_at_stop, target_first, allow_short, finalise, replay_prints, resume_next_session;
    double rate, per_share, per_trade, minimum, maximum_rate;
    double sell_value_rate, sell_per_share, sell_per_share_cap;
    double slippage_rate, volume_share_impact, square_root_coefficient;
    double borrow_rate, interest_rate;
    int64_t tiers;
    const double *tier_shares, *tier_rates;
    /* The last three are NULL in a run for a summary, which keeps no tables either. */
    double *equity_curve, *cash_curve, *gross_curve, *net_curve;
} request;

/* So many rows of closes are turned at once: a row then lies in one piece. */
#define TILE 16

typedef struct {
    double price, fees, exposure, reserved, high, low;
    double stop_distance, target_distance, trail_distance, stop, target, water;
    int64_t entry_time, entry_row, seen;
    int32_t manner, bars, entries, exits;
} position;

typedef struct {
    int64_t decided_at;
    double quantity, limit, stop, filled, first_price, value;
    double remaining, money, amount, size_distance, trail, water, reserved, share_cost, commission;
    double stop_distance, target_distance, trail_distance;
    int64_t row, session, trade, fills; /* session -1: not yet met a bar; trade -1: none */
    int32_t instrument, side, purpose, state, kind, life, fill_at, reduces, triggered, number;
} order;

typedef struct {
    int64_t time;
    double quantity, price, fees;
    int32_t order, unused;
} fill_row;

typedef struct {
    int64_t entry_time, exit_time;
    double entry_price, exit_price, quantity, profit, fees, mae, mfe, best_profit, worst_profit;
    int32_t symbol, side, reason, ambiguous, entry_bar, exit_bar;
} trade_row;

typedef struct {
    int64_t row;
    double quantity, value, limit;
    int32_t symbol, side, code, unused;
} refusal_row;

/* A table that grows; binding.py reads rows and count. */
typedef struct {
    void *rows;
    int64_t count, room;
} table;

/* The state of one run; its memory is used again by the next. binding.py reads the head, up to
 * the mark. quantity and last (the newest close, 0 before any) stand apart because every row reads
 * them. */
typedef struct {
    table orders, fills, trades, refusals;
    double commission, slippage, borrow, interest, dividends, traded_value;
    double *quantity;
    int64_t trades_made; /* also those that a run without tables has forgotten */
    int64_t failed; /* memory was refused: nothing of the run counts */
    /* the mark */
    const request *r;
    double *last;
    position *positions;
    uint8_t *guarded, *complete, *stale;
    int32_t *next, *changed;
    int64_t instruments_room, changes;
    table working; /* of int64: places in orders, by instrument, then in order of arrival */
    int64_t *cursor;
    double *scratch;
    double *tile; /* closes of TILE rows from tile_from on, row by row */
    int64_t scratch_room, tile_from;
    double cash, equity, gross, net, reserved, exposure, month_shares;
    int64_t entries, exits, held, shorts, guards, month;
    /* Of simulation_trading.c; limited: a control beyond those of arithmetic and size is set, and
     * watched: a loss limit is. Sessions that end before row `judged` are. */
    int64_t limited, watched, judged, state, by_drawdown, stopped_session, throttled;
    int64_t throttled_session, spent_until;
    double stopped_value, stopped_limit, opening, peak;
} simulation;

/* One execution about to be booked. */
typedef struct {
    double quantity, raw, price, other;
    int64_t time, row;
    int32_t manner, unpaid;
} fill;

/* The price before slippage at which an order may trade now, NaN when it may not. */
typedef struct {
    double raw;
    const double *volume; /* where it stands: few runs read it, and it lies far from the price */
    int64_t time;
    int32_t manner, slips;
} chance;

static inline double larger(double a, double b) { return b > a ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }
static inline int missing(double value) { return value != value; }
static inline int64_t cell(const request *r, int64_t instrument, int64_t row) {
    return instrument * r->rows + row;
}
static inline int has_bar(const request *r, int64_t instrument, int64_t row) {
    return !missing(r->close[cell(r, instrument, row)]);
}
static inline double given(const double *values, const request *r, int64_t i, int64_t row) {
    return values ? values[cell(r, i, row)] : NAN;
}
static inline int session_ends(const request *r, int64_t row) {
    return row == r->rows - 1 || r->session[row] != r->session[row + 1];
}
static inline int side_of(const simulation *s, int64_t instrument) {
    return (s->quantity[instrument] > 0.0) - (s->quantity[instrument] < 0.0);
}
static inline int32_t life_of_market_orders(const request *r) {
    return r->life == GOOD_TIL_CANCELLED ? GOOD_TIL_CANCELLED : DAY;
}
static inline order *order_at(simulation *s, int64_t number) {
    return (order *)s->orders.rows + number;
}
static inline order *working_at(simulation *s, int64_t place) {
    return order_at(s, ((int64_t *)s->working.rows)[place]);
}

/* simulation.c */
void sim_settle(simulation *s, int64_t from);

/* simulation_state.c */
void *sim_append(simulation *s, table *to, int64_t bytes);
order *sim_draft(simulation *s, int64_t instrument, int side, int purpose, double quantity,
                 int64_t row, int reduces);
void sim_send(simulation *s, order *draft);
void sim_work(simulation *s, order *o);
void sim_finish(simulation *s, order *o, int state);
void sim_release(simulation *s, order *o, double amount);
void sim_cancel(simulation *s, int64_t instrument, int reduces);
void sim_clear(simulation *s);
void sim_refuse(simulation *s, const order *o, int code, double value, double limit, int64_t row);
void sim_changed(simulation *s, int64_t instrument);
int sim_prepare(simulation *s, const request *r);

/* simulation_costs.c */
void sim_turn_month(simulation *s, int64_t row);
double sim_expected_fee(const simulation *s, const order *o, double quantity, double price);
double sim_charge(simulation *s, order *o, double quantity, double price);
double sim_slipped(const simulation *s, const order *o, double raw, double quantity, int64_t row,
                   const double *volume);

/* simulation_sizes.c */
#define LARGEST 1e15 /* sizes above it are nonsense and count as none */
double sim_whole(double quantity, double lot);
double sim_toward_zero(double quantity, double lot);
void sim_size_at_decision(const simulation *s, order *o, double price, int64_t row);
void sim_resize_at_fill(const simulation *s, order *o, double price);
double sim_worth(const simulation *s, double *gross);
double sim_power_at_fill(const simulation *s, const order *o);
double sim_affordable(const simulation *s, const order *o, double quantity, double price,
                      double budget);

/* simulation_fills.c */
double sim_book(simulation *s, order *o, const fill *f);
void sim_see(simulation *s, int64_t instrument, int64_t row);

/* simulation_resting.c */
void sim_trade_working(simulation *s, int64_t row, int closing);
void sim_expire(simulation *s, int64_t row);
int sim_may_trade(simulation *s, order *o);
double sim_capped(const simulation *s, double quantity, const double *volume);
void sim_execute(simulation *s, order *o, int64_t row, const chance *c);

/* simulation_touch.c: 0 when it is not the order's moment */
int sim_touch(const simulation *s, order *o, int64_t row, int closing, chance *c);

/* simulation_protection.c */
void sim_protect(simulation *s, int64_t instrument, const order *o);
void sim_watch(simulation *s, int64_t row);

/* simulation_decisions.c */
void sim_decide(simulation *s, int64_t row);
void sim_read_signals(simulation *s, int64_t instrument, int bits, int64_t row);
int sim_leave(simulation *s, int64_t instrument, int purpose, int64_t row);
void sim_set_distances(const simulation *s, order *o, int64_t row);

/* simulation_limits.c */
int sim_refused(simulation *s, const order *o, double value, int64_t row);
int sim_exit_refused(simulation *s, const order *o, int64_t row);

/* simulation_exposure.c */
double sim_leaving(const simulation *s, const order *o, double *exposure);
int sim_beyond_exposure(simulation *s, const order *o, double value, int64_t row);

/* simulation_trading.c */
void sim_begin_trading(simulation *s);
void sim_resume(simulation *s, int64_t row);
void sim_end_sessions(simulation *s, int64_t until);
void sim_stop_after_loss(simulation *s, double equity, int64_t row);
int sim_refused_by_state(simulation *s, const order *o, int64_t row);
int sim_refused_by_loss(simulation *s, const order *o, int64_t row);
int sim_refused_by_throttle(simulation *s, const order *o, int64_t row);
void sim_spend(simulation *s, const order *o, int64_t row);

/* simulation_weights.c */
void sim_rebalance(simulation *s, int64_t row);

/* simulation_actions.c */
void sim_happen(simulation *s, int64_t which);
void sim_pay_interest(simulation *s, int64_t row);
void sim_call_margin(simulation *s, int64_t row);
void sim_close_all(simulation *s, int64_t row);

/* simulation_marks.c */
void sim_mark_row(simulation *s, int64_t row);
void sim_record_row(simulation *s, int64_t row);
void sim_mark_quiet(simulation *s, int64_t from, int64_t until);

/* simulation_prints.c */
void sim_trade_prints(simulation *s, int64_t row);

#endif
