/* Whether the account trades: reference_trading_state.py. */
#include "simulation.h"

#define HALTS_FROM 1.5
#define TOLERANCE 1e-9
#define FOUR_DECIMALS 1e4
#define A_DAY 86400000
#define MILLISECOND 1000

void sim_begin_trading(simulation *s) {
    const request *r = s->r;
    s->watched = r->limit_daily_loss < INFINITY || r->limit_drawdown < INFINITY;
    const int priced = r->limit_collar < INFINITY || r->limit_drift < INFINITY;
    const int exposed = r->limit_net < INFINITY || r->limit_sector < INFINITY ||
                        r->limit_strategy < INFINITY;
    const int counted = r->limit_executions < LARGEST || r->limit_open_orders < INFINITY;
    s->limited = s->watched || priced || exposed || counted || r->restricted || r->closed;
    s->judged = s->by_drawdown = s->throttled = s->spent_until = 0;
    s->state = ACTIVE;
    s->stopped_session = s->throttled_session = -1;
    s->stopped_value = s->stopped_limit = NAN;
    s->opening = s->peak = r->start_cash;
}

void sim_resume(simulation *s, int64_t row) {
    const int64_t session = s->r->session[row];
    if (s->state != ACTIVE && s->stopped_session != session) s->state = ACTIVE;
    if (s->throttled && s->throttled_session != session) s->throttled = s->spent_until = 0;
}

/* Judge the sessions that end before row `until` by their closes, which the curve holds. */
void sim_end_sessions(simulation *s, int64_t until) {
    const request *r = s->r;
    for (; s->judged < until; s->judged++) {
        if (!session_ends(r, s->judged)) continue;
        const double equity = r->equity_curve[s->judged];
        if (r->resume_next_session) sim_resume(s, s->judged);
        sim_stop_after_loss(s, equity, s->judged);
        s->opening = equity;
        s->peak = larger(s->peak, equity);
    }
}

static double lost(double before, double equity) {
    if (!(before > 0.0)) return 0.0;
    const double percent = (before - equity) * 100.0 / before;
    return larger(nearbyint(percent * FOUR_DECIMALS) / FOUR_DECIMALS, 0.0);
}

static int halts(double part, double most) {
    return part > most && part >= most * HALTS_FROM - TOLERANCE;
}

/* The state that losses ask for, and of the first one above its limit what it is in percent. */
typedef struct {
    double value, limit;
    int state, by_drawdown;
} losses;

static losses losses_at(const simulation *s, double equity) {
    const request *r = s->r;
    const double day = lost(s->opening, equity), most_day = r->limit_daily_loss;
    const double drawdown = lost(s->peak, equity), most_drawdown = r->limit_drawdown;
    if (!(day > most_day) && !(drawdown > most_drawdown)) return (losses){NAN, NAN, ACTIVE, 0};
    const int state = halts(day, most_day) || halts(drawdown, most_drawdown) ? HALTED : REDUCING;
    if (day > most_day) return (losses){day, most_day, state, 0};
    return (losses){drawdown, most_drawdown, state, 1};
}

void sim_stop_after_loss(simulation *s, double equity, int64_t row) {
    if (!s->watched) return;
    const losses found = losses_at(s, equity);
    if (found.state <= s->state) return;
    s->state = found.state;
    s->by_drawdown = found.by_drawdown;
    s->stopped_value = found.value;
    s->stopped_limit = found.limit;
    s->stopped_session = s->r->session[row];
    if (found.state != HALTED) return;
    for (int64_t k = 0; k < s->working.count; k++) {
        order *o = working_at(s, k);
        if (o->state == OPEN && o->purpose != MARGIN_CALL) sim_finish(s, o, CANCELLED);
    }
    sim_clear(s);
    sim_settle(s, row); /* an instrument that comes later on the row may wait for another signal now */
}

int sim_refused_by_state(simulation *s, const order *o, int64_t row) {
    if (s->state == ACTIVE && !s->throttled) return 0;
    if (s->state == HALTED) {
        const int code = s->by_drawdown ? HALTED_BY_DRAWDOWN : TRADING_HALTED;
        sim_refuse(s, o, code, s->stopped_value, s->stopped_limit, row);
        return 1;
    }
    if (o->reduces) return 0;
    if (s->state == REDUCING) {
        const int code = s->by_drawdown ? REDUCING_BY_DRAWDOWN : TRADING_REDUCING;
        sim_refuse(s, o, code, s->stopped_value, s->stopped_limit, row);
        return 1;
    }
    sim_refuse(s, o, REDUCING_BY_THROTTLE, NAN, s->r->limit_executions, row);
    return 1;
}

int sim_refused_by_loss(simulation *s, const order *o, int64_t row) {
    if (!s->watched) return 0;
    const losses found = losses_at(s, s->equity);
    if (found.state == ACTIVE || (o->reduces && found.state == REDUCING)) return 0;
    sim_refuse(s, o, found.by_drawdown ? LOSS_DRAWDOWN : LOSS_LIMIT, found.value, found.limit, row);
    return 1;
}

static int turns(const simulation *s, const order *o) {
    return !o->reduces && side_of(s, o->instrument) * o->side < 0;
}

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

/* Milliseconds, rounded down also before 1970. */
static int64_t milliseconds(const request *r, int64_t row) {
    const int64_t time = r->time[row];
    return time / MILLISECOND - (time % MILLISECOND < 0);
}

static int64_t capacity_of(const request *r) { return later((int64_t)r->limit_executions, 1); }

static int64_t cost_of(int64_t capacity) { return (A_DAY + capacity - 1) / capacity; }

int sim_refused_by_throttle(simulation *s, const order *o, int64_t row) {
    if (!(s->r->limit_executions < LARGEST)) return 0;
    const int64_t capacity = capacity_of(s->r), cost = cost_of(capacity);
    const int64_t now = milliseconds(s->r, row);
    const int64_t level = s->spent_until - (turns(s, o) ? cost : 0);
    if (level <= now + (capacity - 1) * cost) return 0;
    const double spent = (double)later(level - now, 0) / (double)cost + 1.0;
    sim_refuse(s, o, EXEC_THROTTLE, spent, (double)capacity, row);
    s->throttled = 1;
    s->throttled_session = s->r->session[row];
    return 1;
}

void sim_spend(simulation *s, const order *o, int64_t row) {
    if (!(s->r->limit_executions < LARGEST) || turns(s, o)) return;
    s->spent_until = later(s->spent_until, milliseconds(s->r, row)) + cost_of(capacity_of(s->r));
}
